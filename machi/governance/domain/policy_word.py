"""The use rules as a Word document: headings, paragraphs, lists and bold of their Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Pt
from markdown_it import MarkdownIt
from markdown_it.token import Token

from machi.base.engine.letters import japanese
from machi.governance.models import PolicyVersion

_INDENT = Pt(18)
_markdown = MarkdownIt("commonmark", {"html": False})


def word(version: PolicyVersion, town: str) -> bytes:
    """The version as a .docx file."""
    document = Document()
    japanese(document)
    document.add_heading(_("%(town)s 生成AIの利用ルール") % {"town": town}, 0)
    told = [_("第%(number)s版") % {"number": version.number}]
    if version.effective_on:
        told.append(_("%(day)s施行") % {"day": date_format(version.effective_on)})
    if version.state == PolicyVersion.State.DRAFT:
        told.append(_("作成中の案"))
    document.add_paragraph("　".join(told))
    for number, section in enumerate(version.sections, 1):
        document.add_heading(f"{number}　{section['title']}", 1)
        add_markdown(document, section["body"])
        if section["key"] == "accounts":
            _systems(document, version.systems)
    document.add_heading(_("よりどころにした文書"), 1)
    for name in version.follows:
        document.add_paragraph(name, style="List Bullet")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def add_markdown(document: WordDocument, text: str) -> None:
    """Appends Markdown; what Word has no plain equal for comes out as paragraphs of its text."""
    lists: list[list[int]] = []  # for each list we are in, the last number; Word's own numbers would run on
    heading = 0
    for token in _markdown.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append([0] if token.type == "ordered_list_open" else [])
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "heading_open":
            heading = min(9, int(token.tag[1]) + 1)
        elif token.type == "heading_close":
            heading = 0
        elif token.type == "inline":
            if heading:
                document.add_heading(token.content, heading)
                continue
            bullet = bool(lists) and not lists[-1]
            paragraph = document.add_paragraph(style="List Bullet" if bullet else None)
            if lists and lists[-1]:
                lists[-1][0] += 1
                paragraph.add_run(f"{lists[-1][0]}. ")
                paragraph.paragraph_format.left_indent = _INDENT
            _runs(paragraph, token.children or [])
        elif token.type in ("fence", "code_block"):
            document.add_paragraph(token.content)


def _runs(paragraph: object, tokens: Sequence[Token]) -> None:
    bold = 0
    for token in tokens:
        bold += (token.type == "strong_open") - (token.type == "strong_close")
        if token.type in ("softbreak", "hardbreak"):
            paragraph.add_run("\n")  # type: ignore[attr-defined]
        elif token.content:
            paragraph.add_run(token.content).bold = bool(bold)  # type: ignore[attr-defined]


def _systems(document: WordDocument, systems: Sequence[dict[str, str]]) -> None:
    if not systems:
        document.add_paragraph(_("承認されたAIは、まだありません。"))
        return
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, (_("使えるAI"), _("目的"), _("条件")), strict=True):
        cell.text = text
    for system in systems:
        values = (system["title"], system["purpose"], system["conditions"])
        for cell, text in zip(table.add_row().cells, values, strict=True):
            cell.text = text
