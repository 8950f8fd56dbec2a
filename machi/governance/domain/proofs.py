"""What can be shown for items of the checklist without asking anybody: facts of this installation, and what the room
that declares the system says of it. Offered to the reviewer to be read, checked and confirmed; never an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain import entries
from machi.base.models import Appointment, LedgerHead, Municipality, Role
from machi.base.rooms import AISystem
from machi.governance.engine import checklist
from machi.governance.models import Endpoint

MOST_VERIFIED = 2_000
"""A ledger up to this long is verified on the spot; of a longer one the last verification is told."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Evidence offered for an item."""

    text: str
    by_machine: bool
    """Found true just now in this installation; else the words of the room that declares the system."""


def offers(municipality: Municipality, system: AISystem, version: str) -> dict[str, Offer]:
    """By id of the item; an item for which there is nothing to show is left out."""
    found: dict[str, Offer] = {}
    for item in checklist.items(version):
        proven = _PROOFS[item.fact](municipality, system) if item.fact in _PROOFS else ""
        if proven:
            found[item.id] = Offer(proven, by_machine=True)
        elif item.id in system.evidence:
            found[item.id] = Offer(str(system.evidence[item.id]), by_machine=False)
    return found


def _decides_nothing(municipality: Municipality, system: AISystem) -> str:
    if system.work != "informs":
        return ""
    return _("案内だけを行い、権利や義務に関わる判断をしない仕組みとして登録されている（{never}）").format(
        never=system.never
    )


def _measured(municipality: Municipality, system: AISystem) -> str:
    lines = system.measured(municipality)
    dated = [f"{line.label} {line.value}（{date_format(line.on)}）" for line in lines if line.on]
    return _("測った質：{lines}").format(lines="、".join(dated)) if dated else ""


def _can_stop(municipality: Municipality, system: AISystem) -> str:
    page = reverse("governance:system", args=[municipality.code, system.key])
    return _("AI責任者がAI台帳の画面（{page}）から直ちに止められる。次の利用から効く。").format(page=page)


def _tenancy(municipality: Municipality, system: AISystem) -> str:
    layers = [_("プログラム（自治体の区切りのない読み書きは実行時エラー）")]
    if connection.vendor == "postgresql":
        layers.append(_("データベースの行レベルセキュリティ"))
    return _("自治体のデータの区切り：{layers}。役割ごとの権限と多要素認証がある。").format(
        layers="、".join(layers)
    )


def _no_outside_connection(municipality: Municipality, system: AISystem) -> str:
    if system.outside or Endpoint.objects.filter(purpose=system.key).exists():
        return ""
    return _("この仕組みは庁外へ通信しない。この仕組みのための言語モデルの接続先は、登録されていない。")


def _public_page(municipality: Municipality, system: AISystem) -> str:
    page = reverse("governance:transparency", args=[municipality.code])
    return _("公開ページ（{page}）に、登録の内容から自動で載る。").format(page=page)


def _ledger_intact(municipality: Municipality, system: AISystem) -> str:
    head = LedgerHead.objects.filter(municipality=municipality).first()
    size = head.size if head else 0
    if size > MOST_VERIFIED:
        last = entries.last_verification()
        if last is None:
            return ""
        return _("記録台帳{size}件を{at}に検証し、異常なし。").format(
            size=last.size, at=date_format(timezone.localtime(last.at), "DATETIME_FORMAT")
        )
    if ledger.verify(municipality):
        return ""
    return _("記録台帳{size}件を{at}に検証し、異常なし。").format(
        size=size, at=date_format(timezone.localtime(), "DATETIME_FORMAT")
    )


def _people_appointed(municipality: Municipality, system: AISystem) -> str:
    held = list(
        Appointment.objects.filter(municipality=municipality, person__is_active=True).values_list(
            "role", flat=True
        )
    )
    if Role.AI_OFFICER not in held or not {Role.CLERK, Role.MANAGER} & set(held):
        return ""
    told = "、".join(f"{role.label} {held.count(role)}" for role in Role if role in held)
    return _("役割を持つ人：{told}。結果を確かめる人：{reviewer}").format(told=told, reviewer=system.reviewer)


def _version_pinned(municipality: Municipality, system: AISystem) -> str:
    return _("版{version}（{model}）。版が変わると、改めて承認するまで動かない。").format(
        version=system.version, model=system.model
    )


def _no_training(municipality: Municipality, system: AISystem) -> str:
    return _("学習の仕組みがない。{data}").format(data=system.data) if system.training == "none" else ""


def _stays_here(municipality: Municipality, system: AISystem) -> str:
    if system.outside:
        return ""
    return _("保存と処理は、この設置の中だけで行う。機器の設置場所と運用する事業者：")


_PROOFS: Mapping[str, Callable[[Municipality, AISystem], str]] = {
    "decides_nothing": _decides_nothing,
    "measured_quality": _measured,
    "can_stop": _can_stop,
    "tenancy": _tenancy,
    "no_outside_connection": _no_outside_connection,
    "public_page": _public_page,
    "ledger_intact": _ledger_intact,
    "people_appointed": _people_appointed,
    "version_pinned": _version_pinned,
    "no_training": _no_training,
    "stays_here": _stays_here,
}
