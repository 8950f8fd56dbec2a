"""What the room says on the pages where staff begin: approvals to give, rules to read, incidents to handle."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.models import Municipality, Person
from machi.base.rooms import SettingUpStep, StatusLine, Waiting, rooms
from machi.governance.domain import gate_notices, incidents, policy_readers, register


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    return [
        *incidents.waiting(municipality, person),
        *policy_readers.waiting(municipality, person),
        *_approvals(municipality, person),
        *gate_notices.waiting(municipality, person),
    ]


def _approvals(municipality: Municipality, person: Person) -> list[Waiting]:
    """For those who review: AI systems that do not run for want of an approval, reviews, approvals running out."""
    if not person.has_perm(register.REVIEW, municipality):
        return []
    entries = register.entries(municipality)
    new = [one for one in entries if one.review is None and not one.runs and one.row.state in _NEEDS_REVIEW]
    return [
        Waiting(gettext_lazy("承認されていないAIシステム"), len(new), "governance:register"),
        Waiting(
            gettext_lazy("審査中のAIシステム"),
            sum(one.review is not None for one in entries),
            "governance:register",
        ),
        Waiting(
            gettext_lazy("承認の期限が近いAIシステム"),
            sum(one.runs_out and one.review is None for one in entries),
            "governance:register",
        ),
    ]


def status(municipality: Municipality) -> list[StatusLine]:
    """Each AI system: may it run, until when; and the models they may ask."""
    systems = [_line(one) for one in register.entries(municipality)]
    return [*systems, *gate_notices.status(municipality)]


def setting_up(municipality: Municipality) -> list[SettingUpStep]:
    """Needed are the systems that answer residents in the room that greets them; all others can wait."""
    first = {
        system.key
        for room in rooms()
        if room.welcome
        for system in room.ai_systems
        if system.users == "residents"
    }
    return [
        SettingUpStep(
            label=_("「{title}」を審査して承認する").format(title=one.system.title),
            text=_("確認項目に根拠を付けて、AI責任者が承認します。承認するまで、AIは動きません。"),
            done=one.runs,
            view="governance:system",
            permission=register.REVIEW,
            arguments=(one.system.key,),
            optional=one.system.key not in first,
        )
        for one in register.entries(municipality)
    ]


_NEEDS_REVIEW = ("draft", "approved")
"""An approved one that does not run has a new version or has run out."""


def _line(one: register.Entry) -> StatusLine:
    note = str(one.why_not or "")
    if one.runs_out:
        note = _("承認の期限が近づいています。更新の審査を始めてください。")
    until = one.row.approved_until
    state = _("動いています") if one.runs else _("動いていません")
    told = (
        _("{state}（{until}まで）").format(state=state, until=date_format(until))
        if until and one.runs
        else state
    )
    return StatusLine(one.system.title, told, note)
