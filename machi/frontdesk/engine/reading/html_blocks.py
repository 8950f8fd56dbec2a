"""From an HTML element to blocks, in reading order, as a reader with eyes would see it."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from machi.frontdesk.engine.reading.grid import row_blocks
from machi.frontdesk.engine.reading.html_table import is_layout, table_rows
from machi.language.engine.types import Block, BlockKind

_UNSEEN_TAGS = """
script style noscript template nav aside iframe object svg button head input textarea select option dialog audio
video canvas map link rt rp
"""
_DROPPED = frozenset(_UNSEEN_TAGS.split())
_ROLES = frozenset(
    {"navigation", "search", "banner", "contentinfo", "complementary", "menu", "alert", "dialog"}
)
_BOILERPLATE = re.compile(
    r"(?:g|global|l|local|side|foot|footer|head|header|sub|main)?[-_]?(?:nav|navi|navigation|menu)"
    r"|breadcrumbs?|pankuzu|topic[-_]?path|side[-_]?bar|sns.*|social.*|share.*|page[-_]?top|skip.*|font[-_]?size"
    r"|site[-_]?search|banner.*|(?:pdf|adobe)[-_]?(?:download|reader)|enquete|questionnaire|pager"
    r"|sr-only|visually-hidden|d-none|hidden",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$)", re.I
)
_OWN_LINE_TAGS = """
address article blockquote body caption center dd details div dl dt fieldset figcaption figure footer form header hr
html li main ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCK_TAGS = frozenset(_OWN_LINE_TAGS.split())
_QUESTION = re.compile(r"(?:Q|Ｑ|問|質問)\s*[0-9０-９]*\s*[.．:：、\s]|.*[？?]$", re.DOTALL)
_CJK = r"[\u3000-\u9fff\uff00-\uffef]"
_CJK_GAP = re.compile(rf"(?<={_CJK})[ \t\r\n]+(?={_CJK})")
_FORM_LIMIT = 400
"""A form with less text than this is a search box or a questionnaire, not the page."""
_TERM_LEVEL = 6
_DEFINITION_LIMIT = 200


def blocks_of_element(element: HtmlElement, *, whole_page: bool = False) -> list[Block]:
    """The blocks inside ``element``; of a ``whole_page``, its header and footer are left out."""
    walker = _Walker(frozenset({"header", "footer"}) if whole_page else frozenset())
    walker.inside(element, "paragraph", 0)
    walker.flush("paragraph", 0)
    return walker.blocks


def text_of(element: HtmlElement) -> str:
    """The visible text of ``element`` on its lines."""
    return "\n".join(block.text for block in blocks_of_element(element))


class _Walker:
    def __init__(self, left_out: frozenset[str]) -> None:
        self.blocks: list[Block] = []
        self._left_out = left_out
        self._line: list[str] = []

    def flush(self, kind: BlockKind, level: int) -> None:
        """Ends the running line of text as a block."""
        text = _CJK_GAP.sub(lambda gap: "" if "\n" in gap[0] else gap[0], "".join(self._line))
        text = re.sub(r"[ \t\r\n\xa0]+", " ", text)
        text = re.sub(r" ?\v ?", "\n", text).strip()
        self._line.clear()
        if text:
            self.blocks.append(Block(kind, text, level))

    def inside(self, element: HtmlElement, kind: BlockKind, level: int) -> None:
        self._line.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, kind, level)
            self._line.append(child.tail or "")

    def _element(self, element: HtmlElement, kind: BlockKind, level: int) -> None:
        tag = element.tag.lower()
        if tag == "br":
            self._line.append("\v")
        elif tag in self._left_out or _is_dropped(element, tag):
            self._line.append("" if tag in {"rt", "rp"} else " ")
        elif re.fullmatch(r"h[1-6]", tag):
            self._part(element, kind, level, "heading", int(tag[1]))
        elif tag in {"ul", "ol"}:
            self._part(element, kind, level, kind, level + 1 if kind == "list_item" else 0)
        elif tag == "li":
            self._part(element, kind, level, "list_item", max(1, level))
        elif tag == "table":
            self.flush(kind, level)
            self._table(element)
        elif tag == "dl":
            self.flush(kind, level)
            self._terms(element)
        elif tag == "summary":
            self.flush(kind, level)
            self._term(_as_term(text_of(element)))
        elif tag in _BLOCK_TAGS:
            self._part(element, kind, level, kind, level)
        else:
            self.inside(element, kind, level)

    def _part(
        self, element: HtmlElement, kind: BlockKind, level: int, own: BlockKind, own_level: int
    ) -> None:
        self.flush(kind, level)
        self.inside(element, own, own_level)
        self.flush(own, own_level)

    def _table(self, table: HtmlElement) -> None:
        if is_layout(table):
            self.inside(table, "paragraph", 0)
            self.flush("paragraph", 0)
            return
        for caption in table.iter("caption"):
            self._part(caption, "paragraph", 0, "paragraph", 0)
        rows, header = table_rows(table, text_of)
        self.blocks.extend(row_blocks(rows, header=header))

    def _term(self, term: Block | None) -> None:
        if term is not None and term.text:
            self.blocks.append(term)

    def _terms(self, definitions: HtmlElement) -> None:
        """「日時: 4月1日」 for a short definition; a term with more under it is a heading, or a question."""
        term: Block | None = None
        for part in _parts(definitions):
            if part.tag == "dt":
                self._term(term)
                term = _as_term(text_of(part))
                continue
            inner = blocks_of_element(part)
            whole = "\n".join(block.text for block in inner)
            if term and term.kind == "heading" and len(inner) == 1 and len(whole) <= _DEFINITION_LIMIT:
                self.blocks.append(Block("paragraph", f"{term.text}: {whole}"))
            else:
                self._term(term)
                answers = term is not None and term.kind == "question" and whole
                self.blocks.extend([Block("answer", whole)] if answers else inner)
            term = None
        self._term(term)


def _parts(definitions: HtmlElement) -> Iterable[HtmlElement]:
    return (part for part in definitions.iter("dt", "dd") if next(part.iterancestors("dl")) is definitions)


def _as_term(text: str) -> Block:
    return Block("question", text) if _QUESTION.match(text) else Block("heading", text, _TERM_LEVEL)


def _is_dropped(element: HtmlElement, tag: str) -> bool:
    get = element.attrib.get
    if tag in _DROPPED or "hidden" in element.attrib or get("aria-hidden") == "true" or get("role") in _ROLES:
        return True
    if _HIDDEN.search(get("style", "")):
        return True
    if tag == "form":
        return len(element.text_content()) < _FORM_LIMIT
    return any(_BOILERPLATE.fullmatch(name) for name in (*get("class", "").split(), get("id", "")))
