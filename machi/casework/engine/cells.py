"""The cells of a sheet, or a text's tables and lines below each other, as one grid that knows where each came from."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from machi.casework.engine.intake_types import Opened, Sheet
from machi.casework.engine.types import Spot

Place = tuple[int, int]
"""Row and column in the grid, from 1."""
USUAL_WIDTH = 8.43
"""Letters of half width in a column as a new sheet has it."""
_REACH = 12.0
"""Empty columns of that width over which a value is looked for behind its label."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A sheet, table or line: grid row ``above + n`` is its row ``n``."""

    above: int
    kind: Literal["sheet", "table", "line"]
    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cells:
    texts: Mapping[Place, str]
    ends: Mapping[Place, Place]
    """Of merged cells, by their first, the last."""
    parts: Sequence[_Part]
    widths: Mapping[int, float] = field(default_factory=dict)
    _columns: dict[int, list[int]] = field(default_factory=dict)

    def end(self, place: Place) -> Place:
        return self.ends.get(place, place)

    def row(self, number: int) -> list[int]:
        """Columns of a row in which something stands."""
        return self._columns.get(number, [])

    def spot(self, first: Place, last: Place) -> Spot:
        part = self._part(first)
        if part.kind == "line":
            return Spot("line", part.number)
        end = self.end(last)
        rows = first[0] - part.above, end[0] - part.above
        return Spot(part.kind, part.number, part.name, (rows[0], first[1], rows[1], end[1]))

    def right_of(self, label: Place) -> Place:
        """The next cell, empty or not; of a line the line itself."""
        return label if self._part(label).kind == "line" else (label[0], self.end(label)[1] + 1)

    def beside(self, label: Place, stop: frozenset[Place]) -> Iterator[list[Place]]:
        """What stands to the right, up to the next of ``stop``: for each row over which the label reaches."""
        last_row, last_column = self.end(label)
        for row in range(label[0], min(last_row, label[0] + 50) + 1):
            found: list[Place] = []
            behind = last_column
            for column in self.row(row):
                if column <= last_column:
                    continue
                if (row, column) in stop or self._gap(behind, column) > _REACH:
                    break
                found.append((row, column))
                behind = self.end((row, column))[1]
            if found:
                yield found

    def below(self, label: Place, stop: frozenset[Place], down: int = 1) -> Place | None:
        """The cell ``down`` below, where something other than a label stands there."""
        place = label
        for _step in range(down):
            place = (self.end(place)[0] + 1, label[1])
            if place in stop:
                return None
        return place if self.texts.get(place, "").strip() else None

    def _gap(self, behind: int, column: int) -> float:
        return sum(self.widths.get(one, USUAL_WIDTH) for one in range(behind + 1, column)) / USUAL_WIDTH

    def _part(self, place: Place) -> _Part:
        return self.parts[bisect_right(self.parts, place[0] - 1, key=lambda part: part.above) - 1]


def of_sheet(sheet: Sheet, number: int) -> Cells:
    return _joined([(_Part(0, "sheet", number, sheet.name), sheet)], sheet.widths)


def of_text(opened: Opened) -> Cells:
    """All tables and lines of a file in their order; sheets too, where a form goes over several."""
    parts: list[tuple[_Part, Sheet]] = []
    above = lines = 0
    flow: Sequence[str | int] = opened.flow
    if not flow:
        flow = [
            *range(1, len(opened.sheets) + 1),
            *(line for line in opened.text.splitlines() if line.strip()),
        ]
    for one in flow:
        if isinstance(one, int):
            sheet = opened.sheets[one - 1]
            kind: Literal["sheet", "table"] = "sheet" if opened.kind == "excel" else "table"
            part = _Part(above, kind, one, sheet.name if kind == "sheet" else "")
        else:
            lines += 1
            sheet, part = Sheet("", {(1, 1): one.strip()}), _Part(above, "line", lines)
        parts.append((part, sheet))
        above += max(
            (*(row for row, _column in sheet.cells), *(last for _a, _b, last, _c in sheet.merged)), default=0
        )
        # A label at a table's foot has nothing below it; a line may have its value in the next.
        above += isinstance(one, int)
    return _joined(parts, {})


def _joined(parts: Sequence[tuple[_Part, Sheet]], widths: Mapping[int, float]) -> Cells:
    texts: dict[Place, str] = {}
    ends: dict[Place, Place] = {}
    columns: dict[int, list[int]] = defaultdict(list)
    for part, sheet in parts:
        for row, column in sorted(sheet.cells):
            texts[row + part.above, column] = sheet.cells[row, column]
            columns[row + part.above].append(column)
        for top, left, bottom, right in sheet.merged:
            ends[top + part.above, left] = (bottom + part.above, right)
    return Cells(texts, ends, [part for part, _sheet in parts], widths, columns)
