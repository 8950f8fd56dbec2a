"""Check boxes and option buttons that lie over a sheet's cells: ticked or not, and the words beside them.

openpyxl drops them. Excel keeps each in a VML drawing (ECMA-376 part 4, 19.4) with its cell, its state and its words.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from typing import Any, NamedTuple

_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:excel}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOXES = frozenset({"Checkbox", "Radio"})
_BREAK = re.compile(rb"<br\s*>", re.IGNORECASE)
_MOST = 1_000
_DOWN = 10
"""Pixels below a row's top from which a control is taken to belong to the next row."""


class Control(NamedTuple):
    place: tuple[int, int]
    """Row and column, from 1, of the cell on which it lies."""
    mark: str
    """☑ or □."""
    words: str


def controls_of(package: zipfile.ZipFile) -> Mapping[str, list[Control]]:
    """By sheet's title, in the order of its cells."""
    names = set(package.namelist())
    drawings = {name for name in names if "/vmldrawing" in name.lower()}
    if not drawings:
        return {}
    found = {}
    targets = _relations(package, "xl/workbook.xml", names)
    for sheet in _xml(package, "xl/workbook.xml").iter("{*}sheet"):
        part = targets.get(sheet.get(_RELATION, ""), "")
        own = drawings & set(_relations(package, part, names).values())
        boxes = [box for name in sorted(own) for box in _boxes(_xml(package, name))]
        found[sheet.get("name", "")] = sorted(boxes)[:_MOST]
    return found


def _boxes(drawing: Any) -> list[Control]:
    found = []
    for shape in drawing.iter(_VML + "shape"):
        data = shape.find(_OFFICE + "ClientData")
        if data is None or data.get("ObjectType") not in _BOXES:
            continue
        anchor = [int(part) for part in data.findtext(_OFFICE + "Anchor", "").split(",") if _is_number(part)]
        if len(anchor) != 8:
            continue
        left, _left_by, top, top_by, _right, _right_by, bottom, _bottom_by = anchor
        row = top + 1 if bottom > top and top_by > _DOWN else top
        words = "".join("".join(box.itertext()) for box in shape.iter(_VML + "textbox"))
        ticked = data.findtext(_OFFICE + "Checked", "0").strip() == "1"
        found.append(Control((row + 1, left + 1), "☑" if ticked else "□", " ".join(words.split())))
    return found


def _is_number(text: str) -> bool:
    return text.strip().isascii() and text.strip().isdecimal() and len(text.strip()) < 8


def _relations(package: zipfile.ZipFile, part: str, names: set[str]) -> dict[str, str]:
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in names:
        return {}
    return {
        one.get("Id", ""): posixpath.normpath(posixpath.join(folder, one.get("Target", ""))).lstrip("/")
        if not one.get("Target", "").startswith("/")
        else one.get("Target", "").lstrip("/")
        for one in _xml(package, path).iter("{*}Relationship")
    }


def _xml(package: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    # Excel writes VML that is no sound XML: <br> is left open.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    root = etree.fromstring(_BREAK.sub(b"<br/>", package.read(name)), parser)
    return etree.Element("none") if root is None else root
