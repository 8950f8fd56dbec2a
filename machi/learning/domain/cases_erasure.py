"""Erasing the words of a case: it leaves the library, its figures and adoptions stay as figures."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium
from machi.learning.domain import cases_index
from machi.learning.domain.cases import SYSTEM, TEXTS
from machi.learning.domain.cases_files import forget
from machi.learning.domain.traces import erase_shared_traces
from machi.learning.models import Case


def erase_case(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """One of the town's own, in whichever of its consortia; Refused where there is none to erase."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium), transaction.atomic():
            case = (
                Case.objects.select_for_update(of=("self",))
                .select_related("consortium")
                .filter(town=municipality, pk=pk, erased_at=None)
                .first()
            )
            if case is not None:
                _erase(case, municipality, ground, reference, person)
                return
    raise Refused(_("この番号の事例はないか、すでに消去されています。"), field="number")


def expired_cases(municipality: Municipality, now: datetime) -> list[int]:
    """None: a case is kept until the town withdraws it or somebody asks for its erasure."""
    return []


def _erase(
    case: Case, municipality: Municipality, ground: str, reference: str, person: Person | None
) -> None:
    for name in (*TEXTS, "reason"):
        setattr(case, name, None)
    case.title, case.system, case.ask_division = _("（消去した事例）"), "", ""
    case.state, case.erased_at = Case.State.WITHDRAWN, timezone.now()
    case.revision += 1
    case.save()
    files = forget(case)
    cases_index.changed(case.consortium)
    erase_shared_traces(
        case.consortium,
        municipality,
        f"ai_case:{case.pk}",
        ground=ground,
        reference=reference,
        person=person,
        system=SYSTEM,
        erased={"cases": 1, "files": files},
    )
