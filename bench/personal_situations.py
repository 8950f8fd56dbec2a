"""Sentences that the recognisers of names and dates of birth are trained with (never measured on).

``situations(count, seed)`` fills ``data/personal_situations.txt`` with names of every form (surname or given name
alone, with and without a blank, kana, half-width kana, Latin letters, foreign), honorifics, labels, layouts, and with
places, firms and historical persons that only look like names. ``renamed(labelled, chance)`` gives a hand-written text
other persons. No name of the measured templates (the part ``test`` of ``personal_names.csv``) is used.
"""

import csv
import random
import re
from collections.abc import Callable
from importlib.resources import files

import jaconv
import personal_numbers as numbers
from personal_corpus import DATA, Labelled
from personal_shapes import address

from machi.language.engine.personal import Kind
from machi.language.engine.personal.lexicon import is_given, is_surname

_SLOT = re.compile(r"\{([^{}]*)\}")
_MARK = re.compile(r"\x01([A-Z_]+)\x02(.*?)\x03", re.DOTALL)


def _words() -> dict[str, list[str]]:
    lines = (DATA / "personal_words.txt").read_text("utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line[0] != "#")
    return {name: words.split("|") for name, words in pairs}


WORDS = _words()
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _registered(name: str) -> list[list[str]]:
    with (files("japanese_personal_name_dataset") / "dataset" / name).open(encoding="utf-8") as file:
        return list(csv.reader(file))


class Situations:
    """Fills situations, from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"situations/{seed}")
        self.rare = False
        with (DATA / "personal_names.csv").open(encoding="utf-8") as file:
            measured = {row["written"] for row in csv.DictReader(file) if row["part"] == "test"}
        rows = [row for row in _registered("last_name_org.csv") if row[0] not in measured]
        self.surnames = [(row[0], row[2]) for row in rows]
        self.bearers = [int(row[1]) for row in rows]
        self.given = [
            (written, row[0])
            for who in ("man", "woman")
            for row in _registered(f"first_name_{who}_org.csv")
            for written in row[2:]
            if written not in measured
        ]
        usual = ("man", "woman")
        self.usual = [
            (written, row[0])
            for who in usual
            for row in _registered(f"first_name_{who}_opti.csv")
            for written in row[2:]
            if len(written) <= 3 and written not in measured
        ]
        with (DATA / "personal_towns.csv").open(encoding="utf-8") as file:
            self.towns = [(r["municipality"], r["town"]) for r in csv.DictReader(file) if r["part"] == "dev"]
        lines = (DATA / "personal_situations.txt").read_text("utf-8").splitlines()
        self.templates = [
            line.replace("\\n", "\n").replace("\\t", "\t") for line in lines if line and line[0] != "#"
        ]

    def made(self, count: int) -> list[Labelled]:
        every: list[Labelled] = []
        while len(every) < count:
            every += [self.filled(each) for each in self.chance.sample(self.templates, len(self.templates))]
        return every[:count]

    def filled(self, template: str) -> Labelled:
        text = template
        while True:  # alternatives first, from the inside, then the slots that they hold
            changed = _SLOT.sub(self._slot, text)
            if changed == text:
                break
            text = changed
        if self.chance.random() < 0.2:
            text = text.translate(_WIDE)
        if self.chance.random() < 0.15:
            text = text.replace("：", ":").replace("（", "(").replace("）", ")")
        plain, spans, done = "", [], 0
        for match in _MARK.finditer(text):
            plain += text[done : match.start()]
            spans.append((len(plain), len(plain) + len(match[2]), Kind(match[1])))
            plain += match[2]
            done = match.end()
        return Labelled(plain + text[done:], tuple(spans))

    def _slot(self, match: re.Match[str]) -> str:
        content = match[1]
        if content in _MAKERS:
            kind, make = _MAKERS[content]
            value = make(self)
            return f"\x01{kind}\x02{value}\x03" if kind else value
        if "|" in content:
            options = content.split("|")
            if all(option in _MAKERS for option in options):
                return "{" + str(self.chance.choice(options)) + "}"
            return str(self.chance.choice(options))
        return "｛" + content + "｝" if '"' in content else content

    def surname(self) -> tuple[str, str]:
        if not self.rare and self.chance.random() < 0.4:
            return self.chance.choices(self.surnames, self.bearers)[0]
        one = self.chance.choice(self.surnames)
        if self.rare or self.chance.random() < 0.08:  # a name that stands in no list
            other = self.chance.choice(self.surnames)
            return one[0][:1] + other[0][-1:], one[1][:2] + other[1][-2:]
        return one

    def first(self) -> tuple[str, str]:
        return self.chance.choice(self.usual if self.chance.random() < 0.6 else self.given)

    def full(self) -> str:
        if self.chance.random() < 0.06:
            return jaconv.hira2kata(self.surname()[0]) + self.chance.choice(("　", " ")) + self.first()[1]
        given = self.first()
        written = given[0]
        if self.chance.random() < 0.12:
            written = given[1] if self.chance.random() < 0.6 else jaconv.hira2kata(given[1])
        return self.surname()[0] + self.chance.choice(("", "", "　", " ")) + written

    def spread(self) -> str:
        """As a scanner reads it: every letter set apart."""
        return " ".join(self.surname()[0]) + "　 " + " ".join(self.first()[0])

    def kana(self) -> str:
        blank = self.chance.choice((" ", "　", " ", ""))
        return jaconv.hira2kata(self.surname()[1] + blank + self.first()[1])

    def latin(self) -> str:
        family, given = self.chance.choice(WORDS["latin_family"]), self.chance.choice(WORDS["latin_given"])
        return self.chance.choice(
            (
                f"{given} {family}",
                f"{family} {given}",
                f"{family.upper()} {given.upper()}",
                f"{family.upper()} {given}",
            )
        )

    def foreign(self) -> str:
        family, given = (
            self.chance.choice(WORDS["surnames_abroad"]),
            self.chance.choice(WORDS["given_abroad"]),
        )
        dot = self.chance.choice(("・", "・", " ", "　"))
        return self.chance.choice(
            (f"{given}{dot}{family}", f"{family}{dot}{given}", f"{family}{dot}{given}・{family}")
        )

    def chinese(self) -> str:
        given = "".join(self.chance.sample(WORDS["chinese_given"], self.chance.choice((1, 2, 2))))
        return self.chance.choice(WORDS["chinese"]) + self.chance.choice(("", " ", "　")) + given

    def address(self) -> str:
        return address(self.chance, *self.chance.choice(self.towns))

    def date(self, *, born: bool) -> str:
        chance = self.chance
        western = (
            chance.randint(1925, 2025)
            if born
            else chance.choice((chance.randint(1950, 2030), 2025, 2024, 2026))
        )
        month, day = chance.randint(1, 12), chance.randint(1, 28)
        era, letter, first = next(e for e in _ERAS if western >= e[2])
        year = western - first + 1
        shapes = [
            f"{era}{year}年{month}月{day}日", f"{western}年{month}月{day}日", f"{letter}{year}.{month}.{day}",
            f"{western}/{month:02}/{day:02}", f"{western}-{month:02}-{day:02}", f"{letter}{year}年{month}月{day}日",
            f"{era[0]}{year}.{month}.{day}", f"{era}{_kanji(year)}年{_kanji(month)}月{_kanji(day)}日",
            f"{western}.{month}.{day}", f"{era}{year}年({western}年){month}月{day}日",
        ]  # fmt: skip
        if not born and chance.random() < 0.3:
            shapes = [f"{month}月{day}日", f"{era}{year}年{month}月", f"{era}{year}年"]
        elif born and chance.random() < 0.12:
            shapes = [f"{month}月{day}日", f"{era}{year}年{month}月", f"{era}{year}年", f"{letter}{year}"]
        return chance.choice(shapes)

    def english(self) -> str:
        month, day, year = (
            self.chance.choice(WORDS["months"]),
            self.chance.randint(1, 28),
            self.chance.randint(1940, 2020),
        )
        return self.chance.choice(
            (f"{day} {month} {year}", f"{month} {day}, {year}", f"{day} {month[:3]} {year}")
        )

    def place(self) -> str:
        name = self.surname()[0] if self.chance.random() < 0.8 else self.chance.choice(self.towns)[1]
        return name + self.chance.choice(WORDS["place_ends"])

    def firm(self) -> str:
        if self.chance.random() < 0.12:
            return self.chance.choice(WORDS["kana_firms"])
        name = self.surname()
        return self.chance.choice(WORDS["firms"]).format(
            self.chance.choice((name[0], name[0], jaconv.hira2kata(name[1])))
        )


_ERAS = (("令和", "R", 2019), ("平成", "H", 1989), ("昭和", "S", 1926), ("大正", "T", 1912))


def _kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else "〇一二三四五六七八九"[tens] + "十") + (
        "〇一二三四五六七八九"[ones] if ones else ""
    )


_P = Kind.PERSON
_MAKERS: dict[str, tuple[str, Callable[[Situations], str]]] = {
    "full": (_P, Situations.full),
    "sur": (_P, lambda s: s.surname()[0]),
    "giv": (_P, lambda s: s.first()[0]),
    "hsur": (_P, lambda s: s.surname()[1]),
    "hgiv": (_P, lambda s: s.first()[1]),
    "kgiv": (_P, lambda s: jaconv.hira2kata(s.first()[1])),
    "kana": (_P, Situations.kana),
    "half": (_P, lambda s: jaconv.z2h(s.kana())),
    "hira": (_P, lambda s: f"{s.surname()[1]} {s.first()[1]}"),
    "roma": (_P, Situations.latin),
    "foreign": (_P, Situations.foreign),
    "foreign1": (
        _P,
        lambda s: s.chance.choice(s.chance.choice((WORDS["surnames_abroad"][:20], WORDS["given_abroad"]))),
    ),
    "chi": (_P, Situations.chinese),
    "sp": (_P, Situations.spread),
    "birth": (Kind.DATE_OF_BIRTH, lambda s: s.date(born=True)),
    "date": ("", lambda s: s.date(born=False)),
    "addr": (Kind.ADDRESS, Situations.address),
    "tel": (Kind.TELEPHONE, lambda s: numbers.MAKERS["tel"](s.chance)),
    "mail": (Kind.EMAIL, lambda s: numbers.MAKERS["email"](s.chance)),
    "acct": (Kind.BANK_ACCOUNT, lambda s: str(s.chance.randint(1000000, 9999999))),
    "thing": ("", lambda s: s.chance.choice(WORDS["things"])),
    "dept": ("", lambda s: s.chance.choice(WORDS["depts"])),
    "post": ("", lambda s: s.chance.choice(WORDS["posts"])),
    "org": ("", lambda s: s.firm() if s.chance.random() < 0.6 else s.chance.choice(WORDS["depts"])),
    "bank": ("", lambda s: s.chance.choice(WORDS["banks"])),
    "univ": ("", lambda s: s.chance.choice(WORDS["universities"])),
    "school": ("", lambda s: s.chance.choice(WORDS["schools"])),
    "nplace": ("", Situations.place),
    "nfirm": ("", Situations.firm),
    "kfirm": ("", lambda s: jaconv.hira2kata(s.surname()[1])),
    "sur0": ("", lambda s: s.surname()[0]),
    "hist": ("", lambda s: s.chance.choice(WORDS["historical"])),
    "pref": ("", lambda s: s.chance.choice(WORDS["prefectures"])),
    "city": ("", lambda s: s.surname()[0]),
    "abroad": ("", lambda s: s.chance.choice(WORDS["abroad"])),
    "food": ("", lambda s: s.chance.choice(WORDS["foods"])),
    "office": ("", lambda s: s.chance.choice(WORDS["office_words"])),
    "hist2": ("", lambda s: s.chance.choice(WORDS["short_historical"])),
    "ebirth": (Kind.DATE_OF_BIRTH, Situations.english),
    "ym": ("", lambda s: f"令和{s.chance.randint(1, 7)}年{s.chance.randint(1, 12)}月"),
    "age": ("", lambda s: str(s.chance.randint(1, 98))),
    "num": ("", lambda s: str(s.chance.choice((s.chance.randint(1, 30), s.chance.randint(100, 99999))))),
    "time": ("", lambda s: f"{s.chance.randint(8, 18)}:{s.chance.randint(0, 59):02}"),
}


def situations(count: int, seed: int = 1) -> list[Labelled]:
    """``count`` sentences, the same for the same arguments."""
    return Situations(seed).made(count)


def renamed(one: Labelled, source: Situations, *, rare: bool = False) -> Labelled:
    """``one`` with other persons of the same forms; one that is named twice stays one person.

    ``rare`` surnames stand in no list and no dictionary: what tells them are the words around.
    """
    others: dict[str, str] = {}
    text, spans, done = "", [], 0
    source.rare = rare
    for start, end, kind in one.spans:
        value = one.text[start:end]
        if kind is Kind.PERSON:
            value = others.setdefault(value, _other(value, source))
        text += one.text[done:start]
        spans.append((len(text), len(text) + len(value), kind))
        text += value
        done = end
    return Labelled(text + one.text[done:], tuple(spans))


def _other(value: str, source: Situations) -> str:
    blank = re.search(r"[ 　]+", value)
    if re.fullmatch(r"[一-鿿々ヶ]+", value):
        if len(value) <= 3 and is_surname(value) and (len(value) < 3 or not is_given(value)):
            return source.surname()[0]
        if len(value) <= 3 and is_given(value):
            return source.first()[0]
        return source.surname()[0] + source.first()[0] if len(value) > 2 else value
    if blank and len(re.split(r"[ 　]+", value)) == 2:
        left, right = re.split(r"[ 　]+", value)
        if is_surname(left) and re.fullmatch(r"[一-鿿々ヶぁ-ん]+", right):
            given = source.first()
            return source.surname()[0] + blank[0] + given[0 if re.search("[一-鿿]", right) else 1]
        for script in (jaconv.hira2kata, str):
            if left == script(jaconv.kata2hira(left)) and re.fullmatch(r"[ぁ-んァ-ヺー]+", left + right):
                return script(source.surname()[1]) + blank[0] + script(source.first()[1])
    if re.fullmatch(r"[ぁ-ん]{2,5}", value):
        return source.first()[1] if is_given(value) else value
    return value
