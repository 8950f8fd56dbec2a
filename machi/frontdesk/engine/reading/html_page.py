"""Web pages: the main content, its title, date and address.

The main part is where the page says it is (``<main>``, ``role=main``, the ids that municipal content systems
use), else the whole body without its header and footer.
"""

import datetime
import re
from pathlib import PurePath

from lxml import html as lxml_html
from lxml.html import HtmlElement

from machi.frontdesk.engine.reading.html_blocks import blocks_of_element, text_of
from machi.frontdesk.engine.reading.tables.records import link
from machi.frontdesk.engine.reading.types import (
    Problem,
    ReadDocument,
    ReadResult,
    gettext_noop,
    problem,
    title_of,
)
from machi.language.engine.dates import parse_date
from machi.language.engine.types import Block

_MAIN = (
    "//main",
    "//*[@role='main']",
    "//*[@id='tmp_contents' or @id='main-contents' or @id='main_contents' or @id='mainContents']",
    "//*[@id='main_body' or @id='maincontents' or @id='honbun' or @id='contents-in' or @id='main-content']",
    "//article",
    "//*[@id='main' or @id='contents' or @id='content']",
)
_LEAST_TEXT = 20
_UPDATED = re.compile(r"(?:更新|掲載|公開|登録|作成)(?:年月)?日\s*[：:]?\s*([^\n]{6,24})")
_META_DATES = ("article:modified_time", "dcterms.modified", "last-modified", "article:published_time", "date")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->")
_SITE_NAME = re.compile(
    r"\s*[|｜\-－–/／:：]\s*[^|｜]*(?:市|町|村|区|県|都|府|ホームページ|公式|サイト|WEB)[^|｜]*$",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|csv)(?:[?#]|$)", re.IGNORECASE)


def read_html(name: str, text: str, url: str = "") -> ReadResult:
    """The one document of a page whose source is ``text``."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    main, blocks = _main(root)
    saved = _SAVED_FROM.search(text[:2000])
    document = ReadDocument(
        title=_title(root, main) or PurePath(name).stem,
        blocks=tuple(blocks),
        date=_date(root),
        url=link(url or (saved[1] if saved else "") or _first(root, "//link[@rel='canonical']/@href")),
    )
    return ReadResult((document,), tuple(_not_read(main)), "html", 1, 0)


def _main(root: HtmlElement) -> tuple[HtmlElement, list[Block]]:
    for path in _MAIN:
        parts = [(element, blocks_of_element(element)) for element in root.xpath(path)[:20]]
        largest = max(parts, key=lambda part: sum(len(block.text) for block in part[1]), default=None)
        if largest and sum(len(block.text) for block in largest[1]) >= _LEAST_TEXT:
            return largest
    body = next(iter(root.xpath("//body")), root)
    return body, blocks_of_element(body, whole_page=True)


def _title(root: HtmlElement, main: HtmlElement) -> str:
    """The page's own heading, else its ``<title>`` without the site's name after it."""
    for heading in (*main.iter("h1"), *root.iter("h1")):
        if text := title_of(text_of(heading)):
            return text
    return _SITE_NAME.sub("", title_of(_first(root, "//title/text()")))


def _date(root: HtmlElement) -> datetime.date | None:
    for name in _META_DATES:
        found = root.xpath("//meta[@name=$name or @property=$name]/@content", name=name)
        if found and (day := parse_date(str(found[0])[:10])):
            return day
    updated = _UPDATED.search(root.text_content())
    return parse_date(updated[1]) if updated else None


def _first(root: HtmlElement, path: str) -> str:
    found = root.xpath(path)
    return str(found[0]).strip() if found else ""


def _not_read(main: HtmlElement) -> list[Problem]:
    """Pictures without a description, and files that are linked but not part of the page."""
    problems = []
    if pictures := len(main.xpath(".//img[not(@alt) or string-length(normalize-space(@alt)) = 0]")):
        message = gettext_noop("説明（alt）のない画像が{count}枚あり、その中の文字は読み取っていません。")
        problems.append(problem("picture-not-read", message, "info", count=pictures))
    attached = [
        text_of(a) or str(a.get("href")) for a in main.xpath(".//a[@href]") if _ATTACHED.search(a.get("href"))
    ]
    if attached:
        message = gettext_noop(
            "リンク先の添付ファイルは読み取っていません。必要なら別に登録してください: {files}"
        )
        problems.append(problem("attachment-not-read", message, "info", files="、".join(attached[:10])))
    return problems
