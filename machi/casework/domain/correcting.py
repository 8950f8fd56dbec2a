"""Looking at a value and correcting it. What stood there is kept; whether the reading was right is learnt from."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.casework.domain import checking
from machi.casework.domain.engines import plain
from machi.casework.domain.procedure_data import data_of
from machi.casework.domain.record import record
from machi.casework.domain.storing import as_earlier, name_applicant
from machi.casework.engine.eligibility import Reply
from machi.casework.models import Application, FieldValue

OPEN = (Application.State.REVIEW, Application.State.AMENDMENT)


def to_look_at(application: Application) -> QuerySet[FieldValue]:
    """Values a person should look at, the least sure first."""
    return application.values.filter(checking.doubtful()).order_by("confidence", "ordinal")


def look(value: FieldValue, person: Person, raw: str) -> bool:
    """What the person sees there: the same as read, or something else. True where it was corrected.

    Refused once the application is decided. A value that others changed meanwhile is not overwritten unseen: the
    earlier one is kept in any case.
    """
    raw = raw.strip()
    told = plain(value.kind, raw)
    replies = _asked(value.application, value, told.value)
    with transaction.atomic():
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("procedure", "municipality")
            .get(pk=value.application_id)
        )
        if application.state not in OPEN or application.erased_at:
            raise Refused(_("この申請の値は、いま直せません。"))
        current = FieldValue.objects.select_for_update().get(pk=value.pk)
        # Another blank or width is no correction: as plain values they are the same.
        same = raw in ((current.raw or "").strip(), (current.value or "").strip()) or (
            bool(told.value) and told.value == current.value
        )
        first = current.looked_at is None
        if not same:
            current.earlier = json.dumps(
                [*json.loads(current.earlier or "[]"), as_earlier(current)], ensure_ascii=False
            )
            current.raw, current.value, current.doubts = raw, told.value, list(told.doubts)
            current.engine = "person"
        if first or not same:
            # Of values that were typed nothing is learnt about reading.
            current.corrected = (not same) or bool(current.corrected)
        current.confidence = 1.0
        current.looked_by, current.looked_at = person, timezone.now()
        current.save()
        record(
            application,
            "look",
            person,
            inputs={"value": [current.raw, current.value]},
            field=f"{current.form}.{current.field}",
            corrected=not same,
            confidence=round(current.read_confidence, 4),
        )
        if same:
            checking.count_doubts(application, list(application.values.all()))
            application.save()
        else:
            name_applicant(application, list(application.values.all()))
            checking.check(application, replies)
    return not same


def empty_ones(application: Application) -> list[FieldValue]:
    """Doubtful ones that need not be filled and that nothing was read in; their places can be seen side by side."""
    return [
        one for one in to_look_at(application) if not one.raw and not one.required and one.box is not None
    ]


def look_at_empty(application: Application, person: Person, keys: Sequence[int]) -> int:
    """A person has seen these places and found nothing written there: those of ``empty_ones`` with these keys, so that
    nothing that was not shown is said to have been seen."""
    seen = [one for one in empty_ones(application) if one.pk in keys]
    for one in seen:
        look(one, person, "")
    return len(seen)


def see_documents(application: Application, person: Person, keys: Sequence[str]) -> None:
    """Which papers came with it, as a person sees; the rules are asked again."""
    replies = _asked(application)
    with transaction.atomic():
        current = (
            Application.objects.select_for_update(of=("self",))
            .select_related("procedure", "municipality")
            .get(pk=application.pk)
        )
        if current.state not in OPEN or current.procedure is None or current.erased_at:
            raise Refused(_("この申請の値は、いま直せません。"))
        known = [one.key for one in data_of(current.procedure).about.documents]
        seen = [key for key in known if key in keys]
        if seen == current.documents:
            return
        current.documents = seen
        current.save(update_fields=["documents"])
        record(current, "documents", person, documents=seen)
        checking.check(current, replies)


def earlier(value: FieldValue) -> list[dict[str, object]]:
    kept: list[dict[str, object]] = json.loads(value.earlier or "[]")
    return kept


def _asked(
    application: Application, changed: FieldValue | None = None, plainly: str = ""
) -> dict[str, Reply]:
    procedure = application.procedure
    values = checking.flat(application.values.all(), procedure)
    if changed is not None and changed.field in values:
        values[changed.field] = plainly
    return checking.ask(procedure, application, values)
