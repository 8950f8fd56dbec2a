"""What applicants write on the forms of ``form_sheets.py``: public names and places, made-up numbers.

``write(slot_content, kind, chance, part)`` gives the words as they stand on the paper. The parts ``dev`` and ``test``
share no surname, given name or municipality (``data/personal_names.csv``, ``data/personal_towns.csv``).
"""

from __future__ import annotations

import csv
import json
import random
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_WORDS: dict[str, list[str]] = json.loads((DATA / "form_words.json").read_text(encoding="utf-8"))


@cache
def _names(part: str) -> dict[str, list[tuple[str, str]]]:
    with (DATA / "personal_names.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    return {
        role: [(row["written"], row["reading"]) for row in rows if row["role"] == role]
        for role in ("surname", "given")
    }


@cache
def _towns(part: str) -> list[tuple[str, str]]:
    with (DATA / "personal_towns.csv").open(encoding="utf-8") as file:
        return [(row["municipality"], row["town"]) for row in csv.DictReader(file) if row["part"] == part]


def person(chance: random.Random, part: str) -> tuple[str, str, str]:
    """Surname, whole name as written and its reading in katakana or hiragana."""
    (surname, first), (given, second) = (
        chance.choice(_names(part)["surname"]),
        chance.choice(_names(part)["given"]),
    )
    gap = chance.choice(("　", " "))
    reading = f"{first}{gap}{second}"
    return (
        surname,
        f"{surname}{gap}{given}",
        reading.translate(_HIRAGANA) if chance.random() < 0.8 else reading,
    )


def address(chance: random.Random, part: str) -> str:
    municipality, town = chance.choice(_towns(part))
    one, two, three = chance.randint(1, 9), chance.randint(1, 40), chance.randint(1, 30)
    number = chance.choice(
        (
            f"{one}丁目{two}番{three}号",
            f"{one}-{two}-{three}",
            f"{two}-{three}",
            f"{two * 37}番地",
            f"{two}番地{three}",
        )
    )
    house = ""
    if chance.random() < 0.3:
        name = chance.choice(
            ("コーポ青木", "メゾン中央", "サンハイツ", "第二寿荘", "グリーンヒル", "レジデンス港")
        )
        house = f"　{name}{chance.randint(1, 9)}0{chance.randint(1, 9)}" + chance.choice(("", "号室"))
    return f"{municipality}{town}{number}{house}"


def day(chance: random.Random, years: tuple[int, int]) -> tuple[str, int, int, int]:
    """Era, year of era, month, day, of a year between the two."""
    year = chance.randint(*years)
    era = next(name for name, before in reversed(_ERAS.items()) if year > before)
    return era, year - _ERAS[era], chance.randint(1, 12), chance.randint(1, 28)


def written_day(chance: random.Random, parts: tuple[str, int, int, int]) -> str:
    era, year, month, number = parts
    western = year + _ERAS[era]
    letter = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}[era]
    return chance.choices(
        (
            f"{era}{'元' if year == 1 else year}年{month}月{number}日",
            f"{western}年{month}月{number}日",
            f"{letter}{year}.{month}.{number}",
            f"{western}/{month}/{number}",
        ),
        (6, 3, 1, 1),
    )[0]


DAYS = {
    "today": (2024, 2026), "adult_day": (1940, 2006), "child_day": (2008, 2026), "old_day": (1926, 1960),
    "any_day": (1935, 2026), "recent_day": (2025, 2026), "event_date": (2026, 2027), "event_day": (2026, 2027),
}  # fmt: skip


def telephone(chance: random.Random) -> str:
    if chance.random() < 0.5:
        number = (
            chance.choice(("090", "080", "070")),
            f"{chance.randint(0, 9999):04}",
            f"{chance.randint(0, 9999):04}",
        )
    else:
        number = (
            f"0{chance.randint(11, 99)}",
            f"{chance.randint(200, 999)}",
            f"{chance.randint(0, 9999):04}",
        )
    first, second, third = number
    return chance.choice(
        (f"{first}-{second}-{third}", f"{first}-{second}-{third}", f"{first}({second}){third}")
    )


def my_number(chance: random.Random) -> str:
    digits = [chance.randint(0, 9) for _ in range(11)]
    rest = sum(d * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(reversed(digits), 1)) % 11
    return "".join(map(str, digits)) + str(0 if rest <= 1 else 11 - rest)


def write(content: str, kind: str, chance: random.Random, part: str, names: tuple[str, str, str]) -> str:
    """The words of one field. ``names`` is the person whose form it is."""
    if content in DAYS or kind == "date":
        words = written_day(chance, day(chance, DAYS.get(content, (1940, 2026))))
        if content == "event_day":
            words += chance.choice((" 9時", " 10時30分", "　17時", " 13:00"))
        return words
    if content in _WORDS:
        return chance.choice(_WORDS[content])
    made = {
        "bank_branch": lambda: f"{chance.choice(_WORDS['bank'])}　{chance.choice(_WORDS['branch'])}",
        "document_number": lambda: f"第{chance.randint(1, 999)}号",
        "copies": lambda: str(chance.randint(1, 9)),
        "fee": lambda: f"{chance.choice((200, 300, 350, 450, 600, 750, 900, 1200, 62000)):,}",
        "amount": lambda: f"{chance.randint(5, 9000) * 100:,}",
        "amount_mark": lambda: chance.choice(("{:,}円", "¥{:,}-", "金{:,}円")).format(
            chance.randint(50, 9999) * 1000
        ),
        "area": lambda: chance.choice((f"{chance.randint(10, 3000):,}", f"{chance.randint(10, 300)}.5")),
        "people": lambda: f"{chance.randint(5, 3000):,}",
        "digits10": lambda: f"{chance.randint(0, 10**10 - 1):010}",
    }
    if content in made:
        return made[content]()
    by_kind = {
        "person": lambda: person(chance, part)[1],
        "kana": lambda: names[2],
        "address": lambda: address(chance, part),
        "telephone": lambda: telephone(chance),
        "postal_code": lambda: f"{chance.randint(10, 9999999):07}",
        "my_number": lambda: my_number(chance),
        "number": lambda: f"{chance.randint(0, 9999999):07}",
        "email": lambda: (
            f"{chance.choice(('info', 'tanaka', 'park2026', 'a.suzuki', 'event_team'))}"
            f"@{chance.choice(('example.jp', 'mail.example.com', 'town.example.ne.jp'))}"
        ),
    }
    return by_kind[kind]()
