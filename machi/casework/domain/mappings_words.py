"""Mappings in words: what kind of file, and column by column what stands there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.casework.domain.output_words import SHAPES
from machi.casework.engine.output import Column, Mapping
from machi.casework.engine.types import FieldDefinition

ENCODINGS: dict[str, str | Promise] = {
    "utf-8-sig": gettext_lazy("UTF-8（BOM付き）"),
    "utf-8": "UTF-8",
    "cp932": gettext_lazy("Shift_JIS（cp932）"),
}
_OTHERS: dict[str, Promise] = {
    "@reference": gettext_lazy("書いた側の番号"),
    "@origin": gettext_lazy("相手のシステムの番号"),
    "@received": gettext_lazy("受付日"),
    "@decided": gettext_lazy("決定日（書き出しだけ）"),
    "@outcome": gettext_lazy("決定（書き出しだけ）"),
}


@dataclass(frozen=True, slots=True)
class ColumnRow:
    title: str
    field: str
    shape: str
    width: int
    required: bool


def described(mapping: Mapping) -> str:
    """``固定長・Shift_JIS（cp932）``"""
    kind = _("固定長") if mapping.file == "fixed" else "CSV"
    return f"{kind}・{ENCODINGS[mapping.encoding]}"


def column_rows(mapping: Mapping, fields: dict[str, FieldDefinition]) -> list[ColumnRow]:
    return [_row(column, fields.get(column.field)) for column in mapping.columns]


def _row(column: Column, field: FieldDefinition | None) -> ColumnRow:
    if column.constant:
        what = _("いつも「%(text)s」") % {"text": column.constant}
    else:
        what = field.label if field else str(_OTHERS.get(column.field, column.field))
    options = {option.key: option.label for option in field.options} if field else {}
    if column.codes:
        shape = "、".join(f"{code}={options.get(value, value)}" for value, code in column.codes.items())
    elif column.constant:
        shape = ""
    else:
        shape = "、".join(options.values()) or str(SHAPES[column.format])
    return ColumnRow(column.title, what, shape, column.width, column.required)
