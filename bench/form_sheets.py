"""What a form of ``form_kinds.py`` is drawn with, and where its fields stand.

Laid out after the structure of forms that towns publish (labels, tables, boxes for digits, options to tick or to
circle, a place for the seal), in millimetres on A4. Nothing is copied from a real form. A sheet knows its form
definition, so that the reader is given exactly what somebody who drew boxes on the blank form would give it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from machi.casework.engine.types import Box, FieldDefinition, FieldKind, FormDefinition, Option, Place

WIDTH, HEIGHT = 210.0, 297.0
Item = dict[str, Any]
"""One thing to draw: ``kind`` (text, box, line, ellipse, path, stamp) and its numbers in millimetres."""


def place(left: float, top: float, width: float, height: float) -> Place:
    return Place(0, Box(left / WIDTH, top / HEIGHT, (left + width) / WIDTH, (top + height) / HEIGHT))


@dataclass(frozen=True)
class Slot:
    """How a field is filled: where ink goes. ``style`` is text, digits, parts, ticks, circles, seal or signature."""

    definition: FieldDefinition
    style: str
    area: tuple[float, float, float, float]
    """Left, top, width, height."""
    size: float = 10.5
    anchors: Sequence[tuple[float, float]] = ()
    """Of digits and parts: where each begins (x of its middle, y of its middle)."""
    content: str = ""
    """What is written, where the kind does not say it: a key of ``form_pages.CONTENTS``."""
    sometimes: float = 1.0
    """The share of pages on which it is filled."""


@dataclass
class Sheet:
    key: str
    title: str
    font: str
    measured_only: bool = False
    items: list[Item] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    def definition(self) -> FormDefinition:
        fields = [slot.definition for slot in self.slots]
        return FormDefinition(self.key, self.title, "1", fields, marks=(self.title,))

    # what is printed

    def text(self, x: float, y: float, body: str, size: float = 9.0, bold: bool = False) -> None:
        """``y`` is the middle of the line."""
        self.items.append({"kind": "text", "x": x, "y": y, "size": size, "body": body, "bold": bold})

    def box(self, x: float, y: float, w: float, h: float, stroke: float = 0.25, fill: int = 255) -> None:
        self.items.append({"kind": "box", "x": x, "y": y, "w": w, "h": h, "stroke": stroke, "fill": fill})

    def line(
        self, x: float, y: float, x2: float, y2: float, stroke: float = 0.2, dashed: bool = False
    ) -> None:
        self.items.append(
            {"kind": "line", "x": x, "y": y, "x2": x2, "y2": y2, "stroke": stroke, "dashed": dashed}
        )

    def headline(self, number: str = "", size: float = 15.0) -> None:
        if number:
            self.text(18, 14, number, 8)
        width = len(self.title) * size * 0.3528
        self.text((WIDTH - width) / 2, 24, self.title, size, bold=True)

    def label(
        self, x: float, y: float, w: float, h: float, body: str, fill: int = 235, size: float = 9.0
    ) -> None:
        self.box(x, y, w, h, fill=fill)
        lines = body.split("\n")
        for number, words in enumerate(lines):
            middle = y + h / 2 + (number - (len(lines) - 1) / 2) * size * 0.45
            self.text(x + max(1.0, (w - len(words) * size * 0.3528) / 2), middle, words, size)

    # what is filled

    def _add(self, slot: Slot) -> None:
        self.slots.append(slot)

    def cell(
        self,
        key: str,
        words: str,
        kind: FieldKind,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        lead: float = 30.0,
        size: float = 10.5,
        content: str = "",
        fill: int = 235,
        sometimes: float = 1.0,
        unit: str = "",
    ) -> None:
        """A labelled cell of a table; its value is written freely."""
        self.label(x, y, lead, h, words, fill)
        self.box(x + lead, y, w - lead, h)
        wide = w - lead - (len(unit) * 3.6 + 2 if unit else 0)
        if unit:
            self.text(x + lead + wide, y + h / 2, unit, 9)
        definition = FieldDefinition(
            key,
            words.replace("\n", ""),
            kind,
            place(x + lead, y, wide, h),
            anchors=(words.replace("\n", ""),),
        )
        self._add(Slot(definition, "text", (x + lead, y, wide, h), size, (), content, sometimes))

    def ruled(
        self, key: str, words: str, kind: FieldKind, x: float, y: float, w: float, *, content: str = ""
    ) -> None:
        """A label with an underlined place behind it, as at the head of letters."""
        lead = len(words) * 3.5 + 4
        self.text(x, y, words, 10)
        self.line(x + lead, y + 3.2, x + w, y + 3.2)
        area = (x + lead, y - 4.0, w - lead, 7.0)
        definition = FieldDefinition(key, words, kind, place(*area), anchors=(words,))
        self._add(Slot(definition, "text", area, 10.5, (), content))

    def date(
        self,
        key: str,
        words: str,
        x: float,
        y: float,
        w: float,
        h: float,
        era: str = "",
        *,
        lead: float = 30.0,
    ) -> None:
        """年 月 日 are printed; the numbers (and the era where none is printed) are written between."""
        self.label(x, y, lead, h, words)
        self.box(x + lead, y, w - lead, h)
        left, middle = x + lead + 2, y + h / 2
        if era:
            self.text(left, middle, era, 9.5)
        step = (w - lead - 14) / 3
        marks = [left + 10 + step * (number + 1) - 2 for number in range(3)]
        for at, word in zip(marks, "年月日", strict=True):
            self.text(at, middle, word, 9.5)
        inside = [(left + 5, middle), *((at - min(step / 2, 5), middle) for at in marks)]
        definition = FieldDefinition(
            key, words.replace("\n", ""), "date", place(x + lead, y, w - lead, h), anchors=(words,)
        )
        style = "parts-era" if era else "parts"
        self._add(Slot(definition, style, (x + lead, y, w - lead, h), 10.5, inside))

    def digits(
        self,
        key: str,
        words: str,
        kind: FieldKind,
        x: float,
        y: float,
        w: float,
        h: float,
        count: int,
        *,
        lead: float = 30.0,
        sometimes: float = 1.0,
        dash_after: int = 0,
        content: str = "",
    ) -> None:
        """One box a digit."""
        self.label(x, y, lead, h, words)
        self.box(x + lead, y, w - lead, h)
        side = min(h - 2, (w - lead - 8) / (count + (1 if dash_after else 0)))
        left, top = x + lead + 2, y + (h - side) / 2
        if kind == "postal_code":
            self.text(left, y + h / 2, "〒", 9.5)
            left += 5
        anchors = []
        for number in range(count):
            if dash_after and number == dash_after:
                self.text(left + 0.6, y + h / 2, "-", 9)
                left += 3
            self.box(left, top, side, side, 0.2)
            anchors.append((left + side / 2, top + side / 2))
            left += side
        definition = FieldDefinition(
            key, words.replace("\n", ""), kind, place(x + lead, y, w - lead, h), anchors=(words,)
        )
        area = (x + lead, y, w - lead, h)
        self._add(Slot(definition, "digits", area, min(11.0, side * 2.0), anchors, content, sometimes))

    def ticks(
        self,
        key: str,
        words: str,
        x: float,
        y: float,
        w: float,
        h: float,
        options: Sequence[str],
        *,
        lead: float = 30.0,
        rows: int = 1,
        square: float = 3.2,
    ) -> None:
        """□ before each option."""
        self.label(x, y, lead, h, words)
        self.box(x + lead, y, w - lead, h)
        per = -(-len(options) // rows)
        step = (w - lead - 3) / per
        found = []
        for number, option in enumerate(options):
            left = x + lead + 2.5 + step * (number % per)
            middle = y + h * (number // per + 0.5) / rows
            self.box(left, middle - square / 2, square, square, 0.25)
            self.text(left + square + 1.2, middle, option, 9)
            found.append(Option(str(number + 1), option, place(left, middle - square / 2, square, square)))
        definition = FieldDefinition(key, words.replace("\n", ""), "choice", place(x + lead, y, w - lead, h))
        definition = FieldDefinition(
            definition.key, definition.label, "choice", definition.place, (words,), tuple(found)
        )
        self._add(Slot(definition, "ticks", (x + lead, y, w - lead, h)))

    def check(self, key: str, words: str, x: float, y: float, square: float = 3.4) -> None:
        """One □ with a sentence behind it."""
        self.box(x, y - square / 2, square, square, 0.25)
        self.text(x + square + 1.5, y, words, 9)
        where = place(x, y - square / 2, square, square)
        self._add(
            Slot(FieldDefinition(key, words, "check", where), "check", (x, y - square / 2, square, square))
        )

    def circles(
        self,
        key: str,
        words: str,
        x: float,
        y: float,
        w: float,
        h: float,
        options: Sequence[str],
        *,
        lead: float = 30.0,
        size: float = 10.0,
    ) -> None:
        """Words of which one is circled."""
        self.label(x, y, lead, h, words)
        self.box(x + lead, y, w - lead, h)
        step = (w - lead - 4) / len(options)
        found = []
        for number, option in enumerate(options):
            wide = len(option) * size * 0.3528
            left = x + lead + 2 + step * number + (step - wide) / 2
            self.text(left, y + h / 2, option, size)
            if number:
                self.text(x + lead + 2 + step * number - 1.7, y + h / 2, "・", size)
            tall = size * 0.3528
            found.append(Option(str(number + 1), option, place(left, y + h / 2 - tall / 2, wide, tall)))
        definition = FieldDefinition(
            key, words.replace("\n", ""), "choice", place(x + lead, y, w - lead, h), (words,), tuple(found)
        )
        self._add(Slot(definition, "circles", (x + lead, y, w - lead, h)))

    def seal(self, key: str, x: float, y: float) -> None:
        """㊞ around the middle ``x``, ``y``."""
        self.items.append(
            {"kind": "ellipse", "x": x, "y": y, "w": 4.2, "h": 4.2, "stroke": 0.18, "colour": "#808080"}
        )
        self.text(x - 1.25, y, "印", 7)
        area = (x - 6.5, y - 6.5, 13.0, 13.0)
        self._add(Slot(FieldDefinition(key, "印", "seal", place(*area)), "seal", area))

    def signature(
        self, key: str, words: str, x: float, y: float, w: float, h: float, lead: float = 30.0
    ) -> None:
        self.label(x, y, lead, h, words)
        self.box(x + lead, y, w - lead, h)
        area = (x + lead, y, w - lead, h)
        self._add(Slot(FieldDefinition(key, words, "signature", place(*area)), "signature", area))
