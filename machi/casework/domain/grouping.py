"""Which pages and forms of what was handed in are which application: a pile scanned in one go is several of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from machi.casework.domain.procedure_data import data_of
from machi.casework.engine.types import FormReading
from machi.casework.models import Procedure


@dataclass(slots=True)
class Case:
    """One application among what was read. ``procedure`` None: nobody knows which it is."""

    procedure: Procedure | None
    readings: list[FormReading] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    """Those of its forms, and those behind them that nothing else was recognised on."""

    @property
    def values(self) -> dict[str, str]:
        return {key: one.value for form in self.readings for key, one in form.fields.items()}


def grouped(
    procedures: Sequence[Procedure], readings: Sequence[FormReading], pages: int, *, single: bool = False
) -> list[Case]:
    """``readings`` by application, in the order of pages: each main form of one of ``procedures`` begins one, be it the
    same form again or another procedure's. ``procedures`` are those it may be, one where somebody said which. No page
    of the ``pages`` is left out: one on which nothing was recognised goes to the application it lies behind.

    ``single``: it is known to be one application, such as one that was amended: of a form that came again the last
    copy counts."""
    mains = {main: one for one in procedures if (main := main_form(one))}
    ordered = sorted(readings, key=_at)
    first = next((mains[one.form] for one in ordered if one.form in mains), None)
    if single:
        ordered = list({one.form: one for one in ordered}.values())
        mains = {form: one for form, one in mains.items() if one == first}
    found = [Case(first or (procedures[0] if len(procedures) == 1 else None))]
    begun = False
    for one in ordered:
        current = found[-1]
        again = any(one.form == other.form for other in current.readings)
        if one.form in mains:
            if begun and (again or mains[one.form] != current.procedure):
                current = Case(mains[one.form])
                found.append(current)
            begun = True
        elif again or current.procedure is None or one.form not in keys_of(current.procedure):
            continue  # a second copy of an annex: the first counts, its page is there to see
        current.readings.append(one)
    _share_out(found, pages)
    return found


def main_form(procedure: Procedure) -> str:
    forms = procedure.content.get("forms") or [""]
    return str(forms[0])


def keys_of(procedure: Procedure) -> list[str]:
    """Of its forms and of the papers that are read by their labels."""
    return [*procedure.content.get("forms", ()), *(one.key for one in data_of(procedure).papers)]


def _at(reading: FormReading) -> int:
    """What was typed, or stands in cells, has no pages and comes first."""
    return min(reading.pages, default=-1)


def _share_out(cases: Sequence[Case], pages: int) -> None:
    owners: Mapping[int, Case] = {
        page: case for case in reversed(cases) for one in case.readings for page in one.pages
    }
    current = next((case for case in cases if any(one.pages for one in case.readings)), cases[0])
    for page in range(pages):
        current = owners.get(page, current)
        current.pages.append(page)
