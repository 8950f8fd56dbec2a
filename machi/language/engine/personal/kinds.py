"""Kinds of personal information, and one found piece of it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of text tells of a person. The values are the names Presidio's results bear."""

    MY_NUMBER = "MY_NUMBER"
    CORPORATE_NUMBER = "CORPORATE_NUMBER"
    BASIC_PENSION_NUMBER = "BASIC_PENSION_NUMBER"
    DRIVERS_LICENCE = "DRIVERS_LICENCE"
    PASSPORT = "PASSPORT"
    RESIDENCE_CARD = "RESIDENCE_CARD"
    HEALTH_INSURANCE = "HEALTH_INSURANCE"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    CREDIT_CARD = "CREDIT_CARD"
    TELEPHONE = "TELEPHONE"
    EMAIL = "EMAIL"
    POSTAL_CODE = "POSTAL_CODE"
    ADDRESS = "ADDRESS"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    PERSON = "PERSON"


LABELS = {
    Kind.MY_NUMBER: "個人番号",
    Kind.CORPORATE_NUMBER: "法人番号",
    Kind.BASIC_PENSION_NUMBER: "基礎年金番号",
    Kind.DRIVERS_LICENCE: "免許証番号",
    Kind.PASSPORT: "旅券番号",
    Kind.RESIDENCE_CARD: "在留カード番号",
    Kind.HEALTH_INSURANCE: "保険証番号",
    Kind.BANK_ACCOUNT: "口座番号",
    Kind.CREDIT_CARD: "カード番号",
    Kind.TELEPHONE: "電話番号",
    Kind.EMAIL: "メール",
    Kind.POSTAL_CODE: "郵便番号",
    Kind.ADDRESS: "住所",
    Kind.DATE_OF_BIRTH: "生年月日",
    Kind.PERSON: "人名",
}
"""What stands in a masked text in the place of each kind. Part of the text, so not translated."""

ALL = frozenset(Kind)
PERSONAL = ALL - {Kind.CORPORATE_NUMBER}
"""The default. A corporate number is published by law and tells of no person."""
NUMBERS = PERSONAL - {Kind.ADDRESS, Kind.DATE_OF_BIRTH, Kind.PERSON}
"""Numbers and e-mail addresses: what ``find_numbers`` finds without a language model."""
FRONT_DESK = PERSONAL - {Kind.POSTAL_CODE}
"""What a resident's question is masked of. A postal code alone names a quarter of the town, which may be what
the answer depends on (collection days, schools)."""


@dataclass(frozen=True, slots=True)
class Found:
    """``text[start:end]`` (characters of the text as it was given) is of ``kind``."""

    kind: Kind
    start: int
    end: int
    score: float
    """0 to 1: how sure the recogniser is. Not a probability."""
    reason: str
    """Name of the rule that rang, in English, without anything of the text."""
