"""Sentences of municipal work with made-up persons in them, and where the personal information stands.

``generate(part, count, seed)`` fills the templates of ``data/personal_templates.txt`` with public names and
places (``data/personal_names.csv``, ``data/personal_towns.csv``) and made-up numbers. The parts ``dev`` and
``test`` share no template, no name and no municipality. ``by_hand(part)`` reads the texts of
``data/personal_styles_*.txt``, written whole. ``load(folder)`` reads sets made elsewhere.
"""

import csv
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jaconv
import personal_numbers as numbers
from personal_shapes import address, dates, foreign

from machi.language.engine.personal import Kind

DATA = Path(__file__).parent / "data"
LABELLED = {
    "my_number": Kind.MY_NUMBER,
    "corporate": Kind.CORPORATE_NUMBER,
    "pension": Kind.BASIC_PENSION_NUMBER,
    "licence": Kind.DRIVERS_LICENCE,
    "passport": Kind.PASSPORT,
    "residence": Kind.RESIDENCE_CARD,
    "insurance": Kind.HEALTH_INSURANCE,
    "insurance_pair": Kind.HEALTH_INSURANCE,
    "insured": Kind.HEALTH_INSURANCE,
    "account": Kind.BANK_ACCOUNT,
    "yucho": Kind.BANK_ACCOUNT,
    "card": Kind.CREDIT_CARD,
    "tel": Kind.TELEPHONE,
    "mobile": Kind.TELEPHONE,
    "freedial": Kind.TELEPHONE,
    "intl": Kind.TELEPHONE,
    "email": Kind.EMAIL,
    "postal": Kind.POSTAL_CODE,
    "address": Kind.ADDRESS,
    "birth": Kind.DATE_OF_BIRTH,
    **dict.fromkeys(("name", "surname", "given", "given_family", "kana", "hira", "foreign"), Kind.PERSON),
}
MARKS = {
    "M": Kind.MY_NUMBER,
    "C": Kind.CORPORATE_NUMBER,
    "N": Kind.BASIC_PENSION_NUMBER,
    "L": Kind.DRIVERS_LICENCE,
    "S": Kind.PASSPORT,
    "R": Kind.RESIDENCE_CARD,
    "H": Kind.HEALTH_INSURANCE,
    "K": Kind.BANK_ACCOUNT,
    "D": Kind.CREDIT_CARD,
    "T": Kind.TELEPHONE,
    "E": Kind.EMAIL,
    "Z": Kind.POSTAL_CODE,
    "A": Kind.ADDRESS,
    "B": Kind.DATE_OF_BIRTH,
    "P": Kind.PERSON,
}
_SLOT = re.compile(r"{(\w+)}")
_MARK = re.compile(r"\[([A-Z]):([^]]+)]")
_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
_FACILITIES = (
    "公園", "商店", "小学校", "医院", "内科クリニック", "公民館", "橋", "川", "保育園", "記念館", "町", "神社", "薬局",
    "ビル", "団地", "中学校", "城跡", "池", "農園", "会館",
)  # fmt: skip
_COMPANIES = (
    "株式会社{}", "{}建設株式会社", "有限会社{}商店", "{}工業",
    "{}電機", "株式会社{}製作所", "{}不動産", "医療法人{}会",
)  # fmt: skip
_OFFICES = ("福祉課", "税務課", "市民課", "子育て支援課", "総務係", "保険年金課", "生活環境課", "建設課")
_ROLES = ("課長", "市長", "会長", "園長", "民生委員", "主任", "教授", "館長", "保健師")
_LAWS = (
    "地方自治法第{}条", "番号法第{}条第3項", "住民基本台帳法第{}条の4", "個人情報の保護に関する法律第{}条",
    "地方税法第{}条第1項第2号", "行政手続条例第{}条",
)  # fmt: skip
_BANKS = (
    "静岡銀行焼津支店", "横浜銀行厚木支店", "中国銀行倉敷支店", "しずおか焼津信用金庫本店", "みずほ銀行 新宿支店",
    "JAおおいがわ焼津支店", "北洋銀行札幌本店営業部", "七十七銀行一番町支店",
)  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A text and its personal information: (start, end, kind), in order and without overlaps."""

    text: str
    spans: tuple[tuple[int, int, Kind], ...]


class Writer:
    """Fills templates of one part."""

    def __init__(self, part: str, seed: int) -> None:
        self.chance = random.Random(f"{part}/{seed}")
        self.templates = _templates(part)
        rows = [row for row in _rows("personal_names.csv") if row["part"] == part]
        self.surnames = [(row["written"], row["reading"]) for row in rows if row["role"] == "surname"]
        self.given = [(row["written"], row["reading"]) for row in rows if row["role"] == "given"]
        self.towns = [
            (r["municipality"], r["town"]) for r in _rows("personal_towns.csv") if r["part"] == part
        ]

    def sentences(self, count: int) -> Iterator[Labelled]:
        """Every template in turn, in a new order each round."""
        while count > 0:
            for template in self.chance.sample(self.templates, min(count, len(self.templates))):
                yield self.filled(template)
            count -= len(self.templates)

    def filled(self, template: str) -> Labelled:
        text, spans, done = "", [], 0
        # Forms are filled in full width, e-mails in half width: one habit a sentence.
        wide = self.chance.random() < 0.25
        for match in _SLOT.finditer(template):
            text += template[done : match.start()]
            prefix, value, suffix = self.value(match[1])
            if wide and match[1] != "email":
                value = value.translate(_WIDE)
            if match[1] in LABELLED:
                start = len(text) + len(prefix)
                spans.append((start, start + len(value), LABELLED[match[1]]))
            text += prefix + value + suffix
            done = match.end()
        return Labelled(text + template[done:], tuple(spans))

    def value(self, slot: str) -> tuple[str, str, str]:
        """What to write before the value, the value, what to write behind it."""
        chance = self.chance
        surname, given = chance.choice(self.surnames), chance.choice(self.given)
        blank = chance.choice(("", "", "　", " "))
        match slot:
            case "name" | "given_family":
                return "", f"{surname[0]}{blank}{given[0]}", ""
            case "surname":
                return "", surname[0], ""
            case "given":
                return "", given[0], ""
            case "kana":
                kana = jaconv.hira2kata(f"{surname[1]}{blank or ' '}{given[1]}")
                return "", jaconv.z2h(kana) if chance.random() < 0.2 else kana, ""
            case "hira":
                return "", f"{surname[1]} {given[1]}", ""
            case "foreign":
                return "", foreign(chance), ""
            case "address":
                return "", address(chance, *chance.choice(self.towns)), ""
            case "municipality":
                return "", chance.choice(self.towns)[0], ""
            case "facility":
                return (
                    "",
                    chance.choice((surname[0], chance.choice(self.towns)[1])) + chance.choice(_FACILITIES),
                    "",
                )
            case "station":
                return "", f"{surname[0]}駅", ""
            case "company":
                return "", chance.choice(_COMPANIES).format(surname[0]), ""
            case "office":
                return "", chance.choice(_OFFICES), ""
            case "role":
                return "", chance.choice(_ROLES), ""
            case "bank":
                return "", chance.choice(_BANKS), ""
            case "law":
                return "", chance.choice(_LAWS).format(chance.randint(1, 300)), ""
            case "birth" | "date" | "date2":
                return "", dates(chance, born=slot == "birth"), ""
            case "insurance":
                return "", *numbers.insurance(chance, labelled=False)
            case "insurance_pair" | "yucho":
                return numbers.insurance_pair(chance) if slot == "insurance_pair" else numbers.yucho(chance)
            case _:
                return "", numbers.MAKERS[slot](chance), ""


def generate(part: str, count: int, seed: int = 1) -> list[Labelled]:
    """``count`` sentences of ``part`` (dev or test), the same for the same arguments."""
    return list(Writer(part, seed).sentences(count))


def by_hand(part: str) -> list[Labelled]:
    """The texts of ``data/personal_styles_{part}.txt``."""
    lines = (DATA / f"personal_styles_{part}.txt").read_text("utf-8").splitlines()
    return [_unmarked(line) for line in lines if line and not line.startswith("#")]


def _unmarked(line: str) -> Labelled:
    text, spans, done = "", [], 0
    line = line.replace("\\n", "\n").replace("\\t", "\t")
    for match in _MARK.finditer(line):
        text += line[done : match.start()]
        spans.append((len(text), len(text) + len(match[2]), MARKS[match[1]]))
        text += match[2]
        done = match.end()
    return Labelled(text + line[done:], tuple(spans))


def load(folder: Path) -> list[Labelled]:
    """All ``*.jsonl`` of ``folder``: one ``{"text": ..., "spans": [[start, end, kind], ...]}`` a line."""
    made = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            made.append(Labelled(row["text"], tuple((s, e, Kind(k)) for s, e, k in row["spans"])))
    return made


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _templates(part: str) -> list[str]:
    lines = (DATA / "personal_templates.txt").read_text("utf-8").splitlines()
    rows = [line.split("\t", 1) for line in lines if line and not line.startswith("#")]
    return [text.replace("\\n", "\n").replace("\\t", "\t") for own, text in rows if own == part]
