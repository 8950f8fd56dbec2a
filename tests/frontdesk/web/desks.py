"""An open front desk with real sources, read and indexed in the ordinary way."""

from datetime import date

from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import asking, indexing, sources
from machi.frontdesk.models import Inquiry, Source
from tests.base.factories import a_division, a_municipality

GARBAGE = """# 粗大ごみの出し方

粗大ごみは、収集日の3日前までに電話で申し込んでください。

- 処理手数料は1点につき500円です。
- 一度に出せるのは5点までです。

## 電話の受付

| 曜日 | 受付時間 |
| --- | --- |
| 月曜日から金曜日 | 8時30分から17時 |
| 土曜日 | 9時から12時 |
"""
LIBRARY = """# 中央図書館の開館時間

中央図書館は午前9時から午後7時まで開いています。休館日は月曜日です。
"""
QUESTION = "粗大ごみの処理手数料はいくらですか"
UNKNOWN = "宇宙飛行士になる試験の申込先を教えて"
ON = date(2026, 4, 1)


def an_open_desk(code: str = "142123", **files: str) -> Municipality:
    """A live town with two divisions; ``files`` (name: markdown) instead of the usual two."""
    town = a_municipality(code)
    a_division(town, "ごみ対策課", duties="粗大ごみ 収集 資源", telephone="046-000-0001")
    a_division(town, "市民課", duties="住民票 戸籍", is_default=True)
    with in_municipality(town):
        source = sources.add_source(
            town, name="市の案内", url="https://town.example/guide", attribution="厚木市 CC BY 4.0"
        )
        for name, text in (files or {"gomi": GARBAGE, "library": LIBRARY}).items():
            add(source, name, text)
    indexing.build(town)
    return town


def add(source: Source, name: str, text: str) -> None:
    """A file of the source; under a known name, its next version."""
    sources.add_file(source, f"{name}.md", text.encode())


def an_inquiry(town: Municipality, question: str = QUESTION, **asked: object) -> Inquiry:
    with in_municipality(town):
        options = {"language": "ja", "channel": Inquiry.Channel.WEB, "on": ON, **asked}
        return asking.ask(town, question, **options)
