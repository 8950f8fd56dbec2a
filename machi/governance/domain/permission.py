"""May this AI system run here now? The answer every room gets before it begins (``base.running``)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.base.rooms import AISystem
from machi.base.scoping import in_municipalities
from machi.governance.models import RegisteredSystem

State = RegisteredSystem.State


def refusals(municipalities: Sequence[Municipality], system: AISystem) -> dict[str, str]:
    """The reason for the person who asked, by the codes of the towns in which the system is not approved as it is,
    today."""
    with in_municipalities(municipalities):
        known = {one.municipality_id: one for one in RegisteredSystem.objects.filter(key=system.key)}
    told = ((one.pk, why_not_of(system, known.get(one.pk))) for one in municipalities)
    return {code: reason for code, reason in told if reason}


def why_not(municipality: Municipality, system: AISystem) -> str | None:
    """The same of one town; None: it may run there."""
    return refusals([municipality], system).get(municipality.pk)


def why_not_of(system: AISystem, registered: RegisteredSystem | None) -> str | None:
    """As ``why_not``, of a row already read; None: nobody has looked at the system yet."""
    if registered is None or registered.state in (State.DRAFT, State.UNDER_REVIEW):
        return _("「{title}」は、この自治体でまだ承認されていません。").format(title=system.title)
    if registered.state == State.SUSPENDED:
        return registered.notice or _("「{title}」は、いま止めています。").format(title=system.title)
    if registered.state == State.RETIRED:
        return _("「{title}」は、この自治体では使わなくなりました。").format(title=system.title)
    if registered.version != system.version:
        return _("「{title}」は新しい版に変わり、まだ承認されていません。").format(title=system.title)
    if registered.approved_until and registered.approved_until < timezone.localdate():
        return _("「{title}」は、承認の期限が切れています。").format(title=system.title)
    return None
