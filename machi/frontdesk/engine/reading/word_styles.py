"""What a Word paragraph is, by its style and its own settings."""

import re
from dataclasses import dataclass
from typing import Literal

from docx.oxml.ns import qn
from lxml.etree import _Element

_HEADING = re.compile(r"(?:heading|見出し)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|表題|タイトル", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目次)\s*\d*", re.IGNORECASE)
_DEPTH = 12
"""Styles based on styles, followed this far: files can hold circles."""


@dataclass(frozen=True, slots=True)
class Role:
    kind: Literal["title", "heading", "list", "contents", "text"]
    level: int = 0
    """Heading level 1-6 or list depth from 1."""


class Styles:
    """The paragraph styles of one document."""

    def __init__(self, element: _Element) -> None:
        self._by_id = {style.get(qn("w:styleId")): style for style in element.iter(qn("w:style"))}

    def role(self, paragraph: _Element) -> Role:
        """What ``paragraph`` (a ``w:p``) is."""
        properties = [found for found in (paragraph.find(qn("w:pPr")),) if found is not None]
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        for style in self._chain(own.get(qn("w:val")) if own is not None else None):
            named = style.find(qn("w:name"))
            name = named.get(qn("w:val"), "") if named is not None else ""
            if found := _HEADING.fullmatch(name):
                return Role("heading", min(6, int(found[1])))
            if _TITLE.fullmatch(name):
                return Role("title", 1)
            if _CONTENTS.fullmatch(name):
                return Role("contents")
            properties += style.findall(qn("w:pPr"))
        return _by_properties(properties)

    def _chain(self, style_id: str | None) -> list[_Element]:
        chain: list[_Element] = []
        while style_id in self._by_id and len(chain) < _DEPTH:
            chain.append(self._by_id[style_id])
            based_on = chain[-1].find(qn("w:basedOn"))
            style_id = based_on.get(qn("w:val")) if based_on is not None else None
        return chain


def _by_properties(properties: list[_Element]) -> Role:
    """By outline level, then by numbering; the paragraph's own settings come first."""
    outline = _first(properties, "w:outlineLvl")
    if outline.isdigit() and int(outline) < 9:
        return Role("heading", min(6, int(outline) + 1))
    number = _first(properties, "w:numPr", "w:numId")
    if number.isdigit() and int(number) > 0:
        depth = _first(properties, "w:numPr", "w:ilvl")
        return Role("list", min(6, int(depth) + 1) if depth.isdigit() else 1)
    return Role("text")


def _first(properties: list[_Element], *path: str) -> str:
    for one in properties:
        found = one.find("/".join(qn(tag) for tag in path))
        if found is not None:
            return str(found.get(qn("w:val"), ""))
    return ""
