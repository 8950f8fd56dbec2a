"""What waits for whom, on the page where staff begin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality, Person
from machi.base.rooms import Waiting
from machi.casework.domain import queries
from machi.casework.models import FieldThreshold, SampleAudit


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    found: list[Waiting] = []
    if person.has_perm("casework.process_applications", municipality):
        figures = queries.figures()
        found += [
            Waiting(_("期限を過ぎた申請"), figures.overdue, "casework:applications", "overdue=on"),
            Waiting(_("審査を待っている申請"), figures.review, "casework:applications", "state=review"),
            Waiting(
                _("通知を待っている申請"),
                figures.to_notify,
                "casework:applications",
                f"state={queries.TO_TELL}",
            ),
            Waiting(
                _("抜き取って確かめる申請"),
                SampleAudit.objects.filter(result="").count(),
                "casework:audits",
            ),
        ]
    if person.has_perm("casework.approve_second", municipality):
        second = queries.figures().second
        found.append(
            Waiting(_("2人目の承認を待っている申請"), second, "casework:applications", "state=second")
        )
    if person.has_perm("casework.define_forms", municipality):
        proposals = FieldThreshold.objects.filter(state=FieldThreshold.State.PROPOSED).count()
        found.append(Waiting(_("確かさの下限の提案"), proposals, "casework:reading_quality"))
    return found
