"""The register of programmes as a list: read from Excel or CSV, and written in the same columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.base.engine.tables import Problem, Reader, Row, Table, plain, read_number, read_table
from machi.base.models import Prefecture
from machi.joint.domain.funding_register import differs, why_not
from machi.joint.models import Cost, Flag, FundingProgramme, Purpose, TownKind

MOST = 1_000
REQUIRED = ("名称", "実施主体", "目的", "補助率")
OPTIONAL = (
    "対象者の説明",
    "上限額",
    "下限額",
    "切り捨ての単位",
    "募集開始",
    "締切",
    "自治体の種類",
    "都道府県",
    "人口の下限",
    "人口の上限",
    "自治体数の下限",
    "自治体数の上限",
    "地域の条件",
    "対象経費",
    "必要書類",
    "URL",
    "備考",
)
COLUMNS = (*REQUIRED, *OPTIONAL)
WORDS = {
    "not_a_rate": _("補助率として読めません。1/2、3分の2、50% のように書いてください。"),
    "no_sense": _("下限と上限、日付の前後などが合っていません。"),
    "not_a_url": _("http:// か https:// で始まるURLではありません。"),
    "too_many": _("1度に取り込めるのは1,000件までです。"),
}
"""What is said for the problems of these lists alone."""
_MOST_YEN, _MOST_PEOPLE = 10**13, 2 * 10**9


@dataclass(frozen=True, slots=True)
class Read:
    """What a list says: the programmes of its rows, or why it cannot be taken."""

    rows: Sequence[Mapping[str, Any]]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking the list would do."""

    name: str
    giver: str
    state: str
    """``new``, ``changed``, ``same``."""


def read_rate(text: str) -> str:
    """``1/2``, ``2分の1`` (a half), ``50%``, ``0.5``, ``10/10`` as a fraction of at most 1. ValueError otherwise."""
    shown = plain(text)
    if japanese := re.fullmatch(r"(\d+)分の(\d+)", shown):
        shown = f"{japanese[2]}/{japanese[1]}"
    if over := re.fullmatch(r"(\d+)/(\d*[1-9]\d*)", shown):
        rate = Fraction(int(over[1]), int(over[2]))
    elif shown.endswith(("%", "％")):
        rate = Fraction(read_number(shown)) / 100
    else:
        rate = Fraction(read_number(shown))
    if not 0 < rate <= 1 or rate.denominator > 1000:
        raise ValueError(f"{text}: not a rate")
    return f"{rate.numerator}/{rate.denominator}"


def read(data: bytes) -> Read:
    return read_rows(read_table(data, REQUIRED, OPTIONAL))


def read_rows(table: Table) -> Read:
    if table.problems:
        return Read((), table.problems)
    if len(table.rows) > MOST:
        return Read((), [Problem("too_many")])
    reader = Reader()
    prefectures = {one.name: one.code for one in Prefecture.objects.all()}
    found = [_programme(reader, row, prefectures) for row in table.rows]
    keys: set[tuple[str, str]] = set()
    for row, given in zip(table.rows, found, strict=True):
        key = (given["name"], given["giver"])
        if key in keys:
            reader.report("twice", row, "名称")
        keys.add(key)
    if not reader.problems:
        for row, given in zip(table.rows, found, strict=True):
            if why_not(given):
                reader.report("no_sense", row)
    return Read(() if reader.problems else found, reader.problems)


def preview(rows: Sequence[Mapping[str, Any]]) -> list[Preview]:
    known = {(one.name, one.giver): one for one in FundingProgramme.objects.all()}
    told = []
    for given in rows:
        programme = known.get((given["name"], given["giver"]))
        state = "new" if programme is None else "changed" if differs(programme, given) else "same"
        told.append(Preview(given["name"], given["giver"], state))
    return told


def cells(programme: FundingProgramme, prefectures: Mapping[str, str]) -> list[Any]:
    """One line below ``COLUMNS``; what is written can be read again. ``prefectures``: names by code."""
    return [
        programme.name,
        programme.giver,
        labels(Purpose, programme.purposes),
        programme.shown_rate,
        programme.who,
        programme.ceiling,
        programme.floor,
        programme.unit,
        programme.opens,
        programme.deadline,
        labels(TownKind, programme.kinds),
        "、".join(prefectures[code] for code in programme.prefectures),
        programme.population_least,
        programme.population_most,
        programme.members_least,
        programme.members_most,
        labels(Flag, programme.flags),
        labels(Cost, programme.costs),
        programme.documents,
        programme.url,
        programme.note,
    ]


def labels(choices: type[TextChoices], keys: Sequence[str]) -> str:
    return "、".join(str(choices(key).label) for key in keys)


def _programme(reader: Reader, row: Row, prefectures: Mapping[str, str]) -> dict[str, Any]:
    def several(column: str, choices: type[TextChoices]) -> list[str]:
        # Both the label of the page's language and the Japanese one, which is the list's own.
        known = {str(one.label): one.value for one in choices}
        parts = re.split(r"[、,，;；/\n]", row[column])
        read = [
            reader.choice(Row(row.number, {column: part.strip()}), column, known)
            for part in parts
            if part.strip()
        ]
        return [one.value for one in choices if one.value in read]

    if not row["目的"]:
        reader.report("missing", row, "目的")
    names = {**prefectures}
    chosen = [one for one in reader.choices(row, "都道府県", names) if one]
    floor = reader.whole(row, "下限額", least=0, most=_MOST_YEN)
    unit = reader.whole(row, "切り捨ての単位", least=1, most=10**9)
    return {
        "name": reader.text(row, "名称", required=True, longest=120),
        "giver": reader.text(row, "実施主体", required=True, longest=120),
        "purposes": several("目的", Purpose),
        "who": reader.text(row, "対象者の説明"),
        "rate": _rate(reader, row),
        "ceiling": reader.whole(row, "上限額", least=1, most=_MOST_YEN),
        "floor": floor or 0,
        "unit": unit or 1000,
        "opens": reader.date(row, "募集開始"),
        "deadline": reader.date(row, "締切"),
        "kinds": several("自治体の種類", TownKind),
        "prefectures": sorted(set(chosen)),
        "population_least": reader.whole(row, "人口の下限", least=0, most=_MOST_PEOPLE),
        "population_most": reader.whole(row, "人口の上限", least=0, most=_MOST_PEOPLE),
        "members_least": reader.whole(row, "自治体数の下限", least=1, most=2000),
        "members_most": reader.whole(row, "自治体数の上限", least=1, most=2000),
        "flags": several("地域の条件", Flag),
        "costs": several("対象経費", Cost),
        "documents": reader.text(row, "必要書類", longest=4000),
        "url": _url(reader, row),
        "note": reader.text(row, "備考"),
    }


def _rate(reader: Reader, row: Row) -> str:
    if not row["補助率"]:
        reader.report("missing", row, "補助率")
        return "1/1"
    try:
        return read_rate(row["補助率"])
    except ValueError:
        reader.report("not_a_rate", row, "補助率")
        return "1/1"


def _url(reader: Reader, row: Row) -> str:
    url = reader.text(row, "URL", longest=200)
    if url and not re.fullmatch(r"https?://[^\s]+", url):
        reader.report("not_a_url", row, "URL")
    return url
