"""Spots and events from the lists of standard open data, as towns publish them.

The headings are those of the Digital Agency's 自治体標準オープンデータセット and of the 推奨データセット before it
(観光施設一覧, 公共施設一覧, イベント一覧, 公衆無線LANアクセスポイント一覧). Hours that stand only in words are read
where the words are plain (「【開館時間】9:00～17:00 【休館日】月曜日」), and left open where they are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from machi.base.engine.tables import Problem, Reader, Row, plain, read_table

WEEKDAYS = "月火水木金土日"
EVERY_DAY = "1111111"
Kind = Literal["spot", "event", "wifi"]

_SHARED: dict[str, tuple[str, ...]] = {
    "town": ("都道府県コード又は市区町村コード", "全国地方公共団体コード", "市区町村コード"),
    "code": ("NO", "ID"),
    "address": ("住所", "所在地_連結表記"),
    "latitude": ("緯度",),
    "longitude": ("経度",),
    "opens": ("開始時間",),
    "closes": ("終了時間",),
    "description": ("説明",),
    "description_en": ("説明_英語",),
    "fee": ("料金(基本)",),
    "access": ("アクセス方法",),
    "barrier_free": ("バリアフリー情報",),
    "contact": ("連絡先名称", "団体名"),
    "telephone": ("連絡先電話番号", "電話番号"),
    "url": ("URL",),
    "category": ("分類", "カテゴリー"),
    "visit": ("滞在時間（分）",),
    "email": ("予約先メールアドレス", "連絡先メールアドレス"),
}
_SPOT = {
    "name": ("名称",),
    "kana": ("名称_カナ",),
    "name_en": ("名称_英語",),
    "weekdays": ("利用可能曜日",),
    "hours": ("利用可能日時特記事項",),
    "ssid": ("SSID",),
}
_EVENT = {
    "name": ("イベント名",),
    "kana": ("イベント名_カナ",),
    "name_en": ("イベント名_英語",),
    "starts_on": ("開始日",),
    "ends_on": ("終了日",),
    "hours": ("開始日時特記事項",),
    "venue": ("場所名称",),
}


@dataclass(frozen=True, slots=True)
class SpotRow:
    """One row. ``weekdays`` has a 1 or 0 for Monday to Sunday; times are minutes after midnight, None: not known."""

    row: int
    kind: Kind
    code: str
    name: str
    kana: str
    name_en: str
    address: str
    latitude: float
    longitude: float
    weekdays: str
    opens: int | None
    closes: int | None
    hours: str
    fee: str
    description: str
    description_en: str
    access: str
    barrier_free: str
    contact: str
    telephone: str
    url: str
    category: str | None
    visit: int | None
    email: str
    starts_on: date | None
    ends_on: date | None

    @property
    def hours_known(self) -> bool:
        return self.opens is not None and self.closes is not None


@dataclass(frozen=True, slots=True)
class SpotList:
    kind: Kind | None
    rows: tuple[SpotRow, ...]
    problems: tuple[Problem, ...]


def read_spots(data: bytes, town: str, categories: Mapping[str, str]) -> SpotList:
    """The list in a file; empty where there are problems. ``categories`` are labels and what they stand for.

    Problems of its own: ``other_town``, ``not_a_time``, ``not_weekdays``, ``not_in_japan``, ``ends_before``.
    """
    kind: Kind = "spot"
    names = {**_SHARED, **_SPOT}
    table = read_table(data, ["名称", "緯度", "経度"], _others(names))
    if any(problem.code == "no_header" for problem in table.problems):
        event = read_table(data, ["イベント名", "開始日"], _others({**_SHARED, **_EVENT}))
        if not any(problem.code == "no_header" for problem in event.problems):
            kind, names, table = "event", {**_SHARED, **_EVENT}, event
    if table.problems:
        return SpotList(None, (), table.problems)
    if kind == "spot" and "SSID" in table.columns:
        kind = "wifi"
    reader = Reader()
    rows = [_row(reader, _named(row, names), kind, town, categories) for row in table.rows]
    with_code = [_named(row, names) for row in table.rows]
    reader.unique([Row(row.number, {"NO": row["code"]}) for row in with_code], "NO")
    if reader.problems:
        return SpotList(kind, (), tuple(sorted(reader.problems, key=lambda one: one.row or 0)))
    return SpotList(kind, tuple(row for row in rows if row), ())


def _others(names: Mapping[str, Sequence[str]]) -> list[str]:
    return [column for columns in names.values() for column in columns]


def _named(row: Row, names: Mapping[str, Sequence[str]]) -> Row:
    """The row by our names; the first column of several that says something counts."""
    return Row(
        row.number,
        {
            name: next((row[column] for column in columns if row[column]), "")
            for name, columns in names.items()
        },
    )


def _row(reader: Reader, row: Row, kind: Kind, town: str, categories: Mapping[str, str]) -> SpotRow | None:
    said = len(reader.problems)
    code = plain(row["town"])
    if code and code not in (town, town[:5]) and not (len(code) == 2 or code.endswith("000")):
        _report(reader, "other_town", row, "town")
    latitude = reader.number(_shown(row, "latitude"), "緯度", required=True, least=20, most=46)
    longitude = reader.number(_shown(row, "longitude"), "経度", required=True, least=122, most=154)
    name = reader.text(_shown(row, "name"), _label("name", kind), required=True, longest=120)
    opens, closes = _time(reader, row, "opens"), _time(reader, row, "closes")
    weekdays = _weekdays(reader, row)
    if opens is None and closes is None and kind == "spot" and (words := hours_in_words(row["hours"])):
        opens, closes, weekdays = words
    starts_on = ends_on = None
    if kind == "event":
        starts_on = reader.date(_shown(row, "starts_on"), "開始日", required=True)
        ends_on = reader.date(_shown(row, "ends_on"), "終了日") or starts_on
        if starts_on and ends_on and ends_on < starts_on:
            _report(reader, "ends_before", row, "ends_on")
    category = reader.choice(_shown(row, "category"), "分類", categories) if kind != "wifi" else None
    visit = reader.whole(_shown(row, "visit"), "滞在時間（分）", least=5, most=720)
    for column, longest in (("description", 2000), ("description_en", 2000), ("address", 200), ("fee", 200)):
        reader.text(_shown(row, column), _label(column, kind), longest=longest)
    if row["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", row["email"]):
        _report(reader, "not_an_address", row, "email")
    if len(reader.problems) > said or latitude is None or longitude is None:
        return None
    return SpotRow(
        row.number,
        kind,
        row["code"][:40],
        name,
        row["kana"][:240],
        row["name_en"][:200],
        row["address"],
        float(latitude),
        float(longitude),
        weekdays,
        opens,
        closes,
        row["hours"][:500],
        row["fee"],
        "\n".join(filter(None, (row["venue"], row["description"])))
        if kind == "event"
        else row["description"],
        row["description_en"],
        row["access"][:500],
        row["barrier_free"][:500],
        row["contact"][:120],
        row["telephone"][:40],
        row["url"][:500] if row["url"].startswith(("http://", "https://")) else "",
        category,
        visit,
        row["email"],
        starts_on,
        ends_on,
    )


def _shown(row: Row, name: str) -> Row:
    """The cell under the heading people know, so that problems name it."""
    return Row(row.number, dict.fromkeys(_columns(name), row[name]))


def _columns(name: str) -> Sequence[str]:
    return [*_SHARED.get(name, ()), *_SPOT.get(name, ()), *_EVENT.get(name, ())]


def _label(name: str, kind: Kind) -> str:
    return ((_EVENT if kind == "event" else _SPOT).get(name) or _SHARED[name])[0]


def _report(reader: Reader, code: str, row: Row, name: str) -> None:
    column = _columns(name)[0]
    reader.report(code, Row(row.number, {column: row[name]}), column)


_TIME = re.compile(r"(\d{1,2})[:：時](\d{2})?分?(?::00)?")


def read_time(text: str) -> int:
    """``9:00``, ``09:00:00``, ``９時``, ``17時30分``, up to ``24:00``. ValueError otherwise."""
    match = _TIME.fullmatch(plain(text))
    minutes = int(match[1]) * 60 + int(match[2] or 0) if match else -1
    if not match or int(match[2] or 0) > 59 or not 0 <= minutes <= 24 * 60:
        raise ValueError(f"{text}: not a time")
    return minutes


def _time(reader: Reader, row: Row, name: str) -> int | None:
    if not row[name]:
        return None
    try:
        return read_time(row[name])
    except ValueError:
        _report(reader, "not_a_time", row, name)
        return None


def _weekdays(reader: Reader, row: Row) -> str:
    text = re.sub(r"曜日?|[、,，;；・/\s]", "", row["weekdays"])
    if not text:
        return EVERY_DAY
    if match := re.fullmatch(f"([{WEEKDAYS}])[～〜~-]([{WEEKDAYS}])", text):
        first, last = WEEKDAYS.index(match[1]), WEEKDAYS.index(match[2])
        return "".join("1" if first <= at <= last else "0" for at in range(7))
    if set(text) - set(WEEKDAYS):
        _report(reader, "not_weekdays", row, "weekdays")
        return EVERY_DAY
    return "".join("1" if day in text else "0" for day in WEEKDAYS)


_RANGE = r"(?:午前)?(\d{1,2}[:時](?:\d{2})?分?)(?:~|から|-)(?:午後)?(\d{1,2}[:時](?:\d{2})?分?)"
_WORDS = re.compile(
    rf"(?:【?(?:開館|利用|営業)時間】?:?)?{_RANGE}【?(?:休館|定休|休業)日】?:?(?:毎週)?([{WEEKDAYS}・、,曜日]+|なし|無休)"
)


def hours_in_words(text: str) -> tuple[int, int, str] | None:
    """Opening, closing and weekdays of words that say nothing else; None for any others."""
    shown = plain(text).replace("～", "~").replace("〜", "~")
    match = _WORDS.fullmatch(shown)
    if not match or "午後" in shown:
        return None
    opens, closes = read_time(match[1]), read_time(match[2])
    if opens >= closes:
        return None
    # 「日」 alone is Sunday; what is left of 「月曜日」 is 月.
    closed = re.sub(r"曜日?|[、,・]", "", match[3])
    return opens, closes, "".join("0" if day in closed else "1" for day in WEEKDAYS)
