"""What stands in a field, as plain data: ISO dates, digits, yen. What cannot be true is a doubt, never an error.

``plain`` takes every kind of field. A doubt is a key that ``machi.casework.domain`` puts into words; a value that could
not be read at all is empty, with the doubt that says so, and what was written stays in ``FieldReading.raw``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jaconv

from machi.casework.engine.types import FieldKind
from machi.casework.engine.values_addresses import AddressRegister, address
from machi.casework.engine.values_dates import date_of
from machi.casework.engine.values_names import kana, person
from machi.casework.engine.values_numbers import number_of, yen_of
from machi.language.engine.personal import checkdigits

DOUBTS = (
    "not-a-date",
    "no-such-day",
    "no-year",
    "beyond-era",
    "not-a-number",
    "not-yen",
    "not-kana",
    "not-a-name",
    "not-a-postal-code",
    "not-a-telephone",
    "not-an-email",
    "not-a-my-number",
    "check-digit",
    "no-town",
    "no-such-town",
    "wrong-prefecture",
    "several-towns",
    "no-house-number",
    "look-alike",
    "not-a-mark",
)
_LOOK_ALIKE = str.maketrans("OoQDlI|!ZSB", "00001111258")
"""Letters that a recogniser gives for digits, where only digits can stand."""
_MARKED = frozenset("1有レ✓✔☑☒■○〇◯×") | {"はい", "あり", "on", "true", "yes"}
_NOT_MARKED = frozenset({"", "0", "いいえ", "無", "なし", "off", "false", "no", "□", "☐"})
_GROUPED = frozenset({(2, 4, 4), (3, 3, 4), (4, 2, 4), (5, 1, 4), (3, 4, 4), (4, 3, 3), (4, 3, 4)})
"""Digits between the dashes of telephone numbers: area code and exchange are six together, mobile and service numbers
have groups of their own."""
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
_EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_DOMAIN}")


@dataclass(frozen=True, slots=True)
class Plain:
    value: str
    """Plain form; empty where nothing stands there or it cannot be read."""
    doubts: tuple[str, ...] = ()


def plain(kind: FieldKind, raw: str, register: AddressRegister | None = None) -> Plain:
    """The plain form of ``raw`` as a field of ``kind``; never raises. ``register``: the towns that addresses may name.

    The forms: date ``2026-11-30``; number and yen decimal digits (``-1234.5``); postal code ``243-0018``; telephone in
    the groups as written, where numbers are grouped so, else in those of the number plan; My Number 12 digits; kana
    full-width katakana; person and address as written, with single blanks; check, seal and signature ``1`` or empty.
    The plain form of a plain form is itself.
    """
    text = _trimmed(raw)
    if not text and kind not in _BOXES:
        return Plain("")
    return Plain(*(address(text, register) if kind == "address" else _READERS[kind](text)))


Read = tuple[str, tuple[str, ...]]


def _trimmed(text: str) -> str:
    """Without control and invisible characters and outer blanks; lines stay."""
    kept = "".join(
        c for c in text if c.isprintable() or c in "\n\t\u3000\xa0" or unicodedata.category(c) == "Zs"
    )
    lines = (re.sub(r"[^\S\n]+$|^[^\S\n]+", "", line) for line in kept.split("\n"))
    return "\n".join(lines).strip()


def _text(text: str) -> Read:
    """Letters and digits half width, kana full width; signs such as ㈱ and names' variants stay."""
    return jaconv.h2z(jaconv.z2h(text, kana=False, ascii=True, digit=True), kana=True), ()


def _digits(text: str) -> tuple[str, bool]:
    """The digits alone, and whether a letter had to be taken for one."""
    half = re.sub(r"[^0-9A-Za-z|!]", "", unicodedata.normalize("NFKC", text))
    found = half.translate(_LOOK_ALIKE)
    return re.sub(r"[^0-9]", "", found), found != half


def _postal_code(text: str) -> Read:
    digits, guessed = _digits(text.replace("郵便番号", "").lstrip("〒T "))
    if len(digits) != 7:
        return "", ("not-a-postal-code",)
    return f"{digits[:3]}-{digits[3:]}", ("look-alike",) if guessed else ()


def _telephone(text: str) -> Read:
    import phonenumbers  # slow to import: on first use

    half = re.sub(r"^\s*(?:電話|TEL|Tel|tel|携帯|FAX)[^0-9(+]*", "", unicodedata.normalize("NFKC", text))
    digits, guessed = _digits(half)
    doubts = ("look-alike",) if guessed else ()
    try:
        number = phonenumbers.parse(("+" if half.startswith("+") else "") + digits, "JP")
    except phonenumbers.NumberParseException:
        return "", ("not-a-telephone",)
    if number.country_code != 81 or not phonenumbers.is_valid_number(number):
        return digits[:15], (*doubts, "not-a-telephone")
    groups = re.findall("[0-9]+", half)
    if not guessed and tuple(map(len, groups)) in _GROUPED:
        # As written: 046-555-0199 would be 0465-55-0199 by the number plan, and whoever has it knows better.
        return "-".join(groups), doubts
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return str(shown), doubts


def _email(text: str) -> Read:
    found = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("＠", "@")
    local, at, domain = found.rpartition("@")
    value = f"{local}{at}{domain.lower()}"
    return value, () if _EMAIL.fullmatch(value) else ("not-an-email",)


def _my_number(text: str) -> Read:
    digits, guessed = _digits(text)
    doubts = ("look-alike",) if guessed else ()
    if len(digits) != 12:
        return "", ("not-a-my-number",)
    return digits, doubts if checkdigits.my_number(digits) else (*doubts, "check-digit")


def _mark(text: str) -> Read:
    word = unicodedata.normalize("NFKC", text).casefold().strip()
    if word in _NOT_MARKED:
        return "", ()
    return "1", () if word in _MARKED or text in _MARKED else ("not-a-mark",)


def _choice(text: str) -> Read:
    return ",".join(part.strip() for part in text.split(",") if part.strip()), ()


_BOXES = frozenset({"check", "seal", "signature"})
_READERS: Mapping[str, Callable[[str], Read]] = {
    "text": _text,
    "person": person,
    "kana": kana,
    "postal_code": _postal_code,
    "telephone": _telephone,
    "email": _email,
    "date": date_of,
    "number": number_of,
    "yen": yen_of,
    "my_number": _my_number,
    "check": _mark,
    "choice": _choice,
    "seal": _mark,
    "signature": _mark,
}
