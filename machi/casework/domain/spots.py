"""The cell or line where a value stands in an Office file, a mail or a text: kept with the value, and said in words."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from machi.casework.engine.office_pages import letters
from machi.casework.engine.types import Box, Spot
from machi.casework.models import FieldValue


def kept(spot: Spot, around: Box | None) -> str:
    """As it is stored; ``around``: what is to be seen with it on its page."""
    data: dict[str, object] = {
        "kind": spot.kind,
        "number": spot.number,
        "name": spot.name,
        "cells": spot.cells,
    }
    if around is not None:
        data["around"] = [around.left, around.top, around.right, around.bottom]
    return json.dumps(data, ensure_ascii=False)


def spot_of(value: FieldValue) -> Spot | None:
    if not value.spot:
        return None
    data = json.loads(value.spot)
    top, left, bottom, right = data["cells"]
    return Spot(data["kind"], data["number"], data["name"], (top, left, bottom, right))


def around_of(value: FieldValue) -> Box | None:
    """Label and value together; None where it has no page."""
    around = json.loads(value.spot).get("around") if value.spot else None
    return Box(*around) if around else None


def reference(spot: Spot) -> str:
    """As the file's own program names it: C5, C5:F5; of a table R3C2; empty for a line."""
    top, left, bottom, right = spot.cells
    if spot.kind == "line":
        return ""
    if spot.kind == "sheet":
        first, last = f"{letters(left)}{top}", f"{letters(right)}{bottom}"
    else:
        first, last = f"R{top}C{left}", f"R{bottom}C{right}"
    return first if first == last else f"{first}:{last}"


def in_words(spot: Spot) -> str:
    if spot.kind == "sheet":
        return _("「%(sheet)s」シート %(cells)s") % {"sheet": spot.name, "cells": reference(spot)}
    if spot.kind == "table":
        row, column = spot.cells[:2]
        return _("表%(table)sの%(row)s行目%(column)s列目") % {
            "table": spot.number,
            "row": row,
            "column": column,
        }
    return _("本文の%(line)s行目") % {"line": spot.number}
