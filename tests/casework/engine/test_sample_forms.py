"""The sample's applications, as they are handed in: printed, never scanned. Nothing of them is doubtful."""

from datetime import date

import pytest

from machi.casework.domain.shipped import shipped
from machi.casework.engine.filling import fill
from machi.casework.engine.pages import open_pages
from machi.casework.engine.read_form import read
from machi.casework.sample.applications import CHILD, PARK, POST, certificate, child, event, filled

USUAL = 0.99
"""The threshold that a procedure has until somebody sets another."""


@pytest.mark.parametrize(("key", "values"), [(CHILD, child), (POST, certificate), (PARK, event)])
def test_a_printed_form_is_read_without_a_doubt(key: str, values: object) -> None:
    told = values(date(2026, 12, 1))  # type: ignore[operator]
    procedure = shipped()[key]
    form = procedure.forms[0]
    blank = fill(procedure.blanks[form.key], form, {})[0]
    (reading,) = read(open_pages(filled(key, told)), [form], {form.key: blank})
    kinds = {field.key: field.kind for field in form.fields}
    for field, kind in kinds.items():
        want = told.get(field, "")
        got = reading.fields[field]
        assert got.confidence >= USUAL, field
        if kind in ("check", "choice"):
            assert got.value == want, field
        if kind == "signature":
            assert got.value == ("1" if want else ""), field
        if not want:
            assert got.raw == "", field
