"""Hiding small counts in a table of options by groups of towns whose sizes are known, quickly and exactly.

The rule is that of ``joint.engine.suppression``: no count from 1 to ``smallest - 1`` may be narrowed down to fewer than
``smallest - 1`` values by whoever has all that is shown. There any set of figures is taken and each bound is an integer
programme; here the figures are one table with its row totals, and who answered is public, so column totals are known.
Such a table is a network (Gusfield 1988, "A graph theoretic approach to statistical data security"; Hundepool et al.
2012, ch. 4.2): a hidden cell can grow by the greatest flow around it through hidden cells, and shrink likewise, so its
bounds are two maximal flows on a graph of a few nodes. Tests hold it against the integer programmes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

SMALLEST = 5
"""As ``joint.engine.suppression.SMALLEST``."""
_ENDLESS = 10**9
Cell = tuple[int, int]
"""Row and column; column ``len(columns)`` is the row's total."""
Hidden = frozenset[Cell]
_Node = tuple[str, int]


def hide(table: Sequence[Sequence[int]], smallest: int = SMALLEST) -> list[list[int | None]]:
    """``table[option][group]``: how many of the group took the option, one option each. Returns the same with the row's
    total as a last column; None: hidden.

    Counts below ``smallest`` (not 0) are hidden, then further ones, the smallest that helps first: safe, not always the
    fewest. Column sums are public. ValueError where rows differ in length or a count is negative.
    """
    if len({len(row) for row in table}) > 1 or any(one < 0 for row in table for one in row):
        raise ValueError("a table has rows of one length and no count below 0")
    full = [[*row, sum(row)] for row in table]
    hidden = {
        (at, column) for at, row in enumerate(full) for column, one in enumerate(row) if 0 < one < smallest
    }
    for cell in sorted(hidden, key=lambda one: (full[one[0]][one[1]], one)):
        while True:
            width = _width(full, hidden, cell)
            if width >= smallest - 2:
                break
            further = _next(full, hidden, cell, width)
            if further is None:
                break
            hidden.add(further)
    return [
        [None if (at, column) in hidden else one for column, one in enumerate(row)]
        for at, row in enumerate(full)
    ]


def bounds(full: Sequence[Sequence[int]], hidden: Hidden, cell: Cell) -> tuple[int, int]:
    """The least and the most that a hidden cell can be. ``full`` has the row totals as last column."""
    at, column = cell
    value = full[at][column]
    arcs = _arcs(full, hidden - {cell})
    from_, to = _ends(cell, len(full[0]) - 1)
    # To put one more through the arc from_ -> to, one more must come back from to to from_ through the others.
    more = _flow(arcs, to, from_, _ENDLESS)
    less = _flow(arcs, from_, to, value)
    return value - less, value + more


def _width(full: Sequence[Sequence[int]], hidden: set[Cell], cell: Cell) -> int:
    low, high = bounds(full, frozenset(hidden), cell)
    return high - low


def _next(full: Sequence[Sequence[int]], hidden: set[Cell], cell: Cell, width: int) -> Cell | None:
    """The smallest further cell that widens what can be known of ``cell``; where no single one does, the smallest in a
    row or column where something is hidden, so that two together do."""
    left = sorted(
        (
            (one, (at, column))
            for at, row in enumerate(full)
            for column, one in enumerate(row)
            if (at, column) not in hidden
        ),
        key=lambda one: (one[0] == 0, *one),  # an empty cell gives no room to shrink: last
    )
    for _value, one in left:
        if _width(full, hidden | {one}, cell) > width:
            return one
    total = len(full[0]) - 1
    lines = {(at, None) for at, _ in hidden} | {(None, column) for _, column in hidden if column != total}
    touching = (one for _value, one in left if (one[0], None) in lines or (None, one[1]) in lines)
    return next(touching, next((one for _value, one in left), None))


def _ends(cell: Cell, total: int) -> tuple[_Node, _Node]:
    """A count flows from its column to its row; a row's total flows from the row to the whole."""
    at, column = cell
    return (("row", at), ("whole", 0)) if column == total else (("column", column), ("row", at))


def _arcs(full: Sequence[Sequence[int]], hidden: Hidden | set[Cell]) -> dict[_Node, dict[_Node, int]]:
    """Room to move: a hidden count may grow without limit and shrink to 0.

    The whole and the columns are joined by the columns' sums, which are known and do not move."""
    room: dict[_Node, dict[_Node, int]] = {}
    for cell in hidden:
        from_, to = _ends(cell, len(full[0]) - 1)
        room.setdefault(from_, {})[to] = _ENDLESS
        room.setdefault(to, {})[from_] = full[cell[0]][cell[1]]
    return room


def _flow(arcs: Mapping[_Node, Mapping[_Node, int]], source: _Node, sink: _Node, most: int) -> int:
    """The greatest flow up to ``most`` (Edmonds and Karp 1972)."""
    room = {node: dict(ways) for node, ways in arcs.items()}
    moved = 0
    while moved < most:
        path = _path(room, source, sink)
        if path is None:
            break
        step = min([most - moved, *(room[one][other] for one, other in path)])
        for one, other in path:
            room[one][other] -= step
            back = room.setdefault(other, {})
            back[one] = back.get(one, 0) + step
        moved += step
    return moved


def _path(
    room: Mapping[_Node, Mapping[_Node, int]], source: _Node, sink: _Node
) -> list[tuple[_Node, _Node]] | None:
    came: dict[_Node, _Node] = {source: source}
    waiting = deque([source])
    while waiting:
        node = waiting.popleft()
        for other, left in room.get(node, {}).items():
            if left > 0 and other not in came:
                came[other] = node
                if other == sink:
                    path, at = [], sink
                    while at != source:
                        path.append((came[at], at))
                        at = came[at]
                    return path[::-1]
                waiting.append(other)
    return None
