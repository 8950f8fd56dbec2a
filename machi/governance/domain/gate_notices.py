"""What the gate has to say on the pages where staff begin."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality, Person
from machi.base.rooms import StatusLine, Waiting
from machi.governance.domain import gate_breaker, gate_budget
from machi.governance.models import Endpoint


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    """Caps that are nearly used up, for those who set them or see to the endpoints."""
    if not person.has_perm("governance.see_gate", municipality):
        return []
    near = sum(use.near for use in gate_budget.uses())
    return [Waiting(_("言語モデルの月の上限（80%以上を使用）"), near, "governance:gate")]


def status(municipality: Municipality) -> list[StatusLine]:
    """How many endpoints there are, and how many of them are left alone just now."""
    active = list(Endpoint.objects.filter(active=True).select_related("breaker"))
    if not active:
        return [StatusLine(_("言語モデル"), _("なし（資料から抜き出して答えています）"))]
    now = timezone.now()
    resting = sum(gate_breaker.state_of(one, now) == "open" for one in active)
    return [
        StatusLine(_("言語モデルの接続先"), f"{len(active)}"),
        StatusLine(_("不調のため休止中の接続先"), f"{resting}"),
    ]
