"""Form definitions as plain JSON, as they are stored, shipped and edited on screen; and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from machi.casework.engine.types import Box, FieldDefinition, FieldKind, FormDefinition, Option, Place

KINDS: tuple[str, ...] = get_args(FieldKind)


def to_data(form: FormDefinition) -> dict[str, Any]:
    """JSON values only; ``from_data(to_data(form)) == form`` where its sequences are tuples."""
    return {
        "key": form.key,
        "title": form.title,
        "version": form.version,
        "pages": form.pages,
        "marks": list(form.marks),
        "fields": [
            {
                "key": one.key,
                "label": one.label,
                "kind": one.kind,
                "required": one.required,
                "several": one.several,
                "section": one.section,
                "note": one.note,
                "anchors": list(one.anchors),
                "place": _place_data(one.place),
                "options": [
                    {"key": option.key, "label": option.label, "place": _place_data(option.place)}
                    for option in one.options
                ],
            }
            for one in form.fields
        ],
    }


def from_data(data: Mapping[str, Any]) -> FormDefinition:
    """ValueError where it is no form: an unknown kind, a field twice, a box that is none, a page it does not have."""
    try:
        fields = tuple(_field(one) for one in data["fields"])
        form = FormDefinition(
            key=str(data["key"]),
            title=str(data["title"]),
            version=str(data["version"]),
            fields=fields,
            pages=int(data.get("pages", 1)),
            marks=tuple(str(one) for one in data.get("marks", ())),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a form definition: {error}") from None
    keys = [one.key for one in fields]
    if len(set(keys)) != len(keys):
        raise ValueError("a field of this key stands there twice")
    if any(not 0 <= place.page < form.pages for place in _places(fields)):
        raise ValueError("a box lies on a page the form does not have")
    return form


def _field(data: Mapping[str, Any]) -> FieldDefinition:
    kind = data.get("kind", "text")
    if kind not in KINDS:
        raise ValueError(f"unknown kind of field: {kind}")
    return FieldDefinition(
        key=str(data["key"]),
        label=str(data["label"]),
        kind=cast("FieldKind", kind),
        place=_place(data.get("place")),
        anchors=tuple(str(one) for one in data.get("anchors", ())),
        options=tuple(
            Option(str(one["key"]), str(one["label"]), _place(one.get("place")))
            for one in data.get("options", ())
        ),
        required=bool(data.get("required", False)),
        several=bool(data.get("several", False)),
        section=str(data.get("section", "")),
        note=str(data.get("note", "")),
    )


def _places(fields: Sequence[FieldDefinition]) -> list[Place]:
    found = [one.place for one in fields] + [option.place for one in fields for option in one.options]
    return [one for one in found if one is not None]


def _place_data(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    box = place.box
    return {"page": place.page, "box": [box.left, box.top, box.right, box.bottom]}


def _place(data: Mapping[str, Any] | None) -> Place | None:
    if data is None:
        return None
    sides = [float(one) for one in data["box"]]
    if len(sides) != 4 or not all(0 <= one <= 1 for one in sides):
        raise ValueError("a box is four shares of the page, left, top, right, bottom")
    return Place(int(data["page"]), Box(*sides))
