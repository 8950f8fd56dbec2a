from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from machi.base.rooms import MenuEntry, PublicPage, RoomConfig


class GovernanceConfig(RoomConfig):
    name = "machi.governance"
    label = "governance"
    verbose_name = _("AIガバナンス")
    urls = "machi.governance.web.urls"
    mount = "m/<str:code>/governance/"
    api = "machi.governance.api:router"
    commands = "machi.governance.cli:commands"
    sample = "machi.governance.sample:load"
    approval = "machi.governance.domain.permission:refusals"
    status = "machi.governance.domain.waiting:status"
    waiting = "machi.governance.domain.waiting:waiting"
    daily = "machi.governance.domain.gate_keeping:forget_old"
    setting_up = "machi.governance.domain.waiting:setting_up"
    public_pages = (PublicPage(_("AIの使い方"), "governance:transparency"),)
    ledger_kinds: ClassVar = {
        "ai_system": _("AIシステムの決定"),
        "ai_review": _("AIシステムの審査"),
        "procurement": _("AI調達チェック"),
        "policy": _("AI利用ルール"),
        "incident": _("インシデント"),
        "gate": _("言語モデルの関所の設定"),
        "refusal": _("言語モデルへの依頼を断った"),
        "disclosure": _("台帳の開示"),
    }
    ledger_systems: ClassVar = {
        "governance.systems": _("AI台帳"),
        "governance.review": _("AIシステムの審査"),
        "governance.procurement": _("AI調達チェック"),
        "governance.policy": _("AI利用ルール"),
        "governance.incidents": _("インシデント"),
        "governance.gate": _("言語モデルの関所"),
        "governance.disclosure": _("台帳の開示"),
    }
    ledger_subjects: ClassVar = {
        "ai_system": _("AIシステム"),
        "procurement": _("AI調達チェック"),
        "policy": _("AI利用ルールの版"),
        "incident": _("インシデント"),
        "disclosure": _("台帳の開示"),
        "gate": _("言語モデルの関所"),
        "endpoint": _("モデルの接続先"),
        "destination": _("許可した行き先"),
    }
    menu = (
        MenuEntry(_("AI台帳"), "governance:register", "governance.see_register"),
        MenuEntry(_("AI調達チェック"), "governance:procurements", "governance.check_procurement"),
        MenuEntry(_("AI利用ルール"), "governance:policy", "governance.read_policy"),
        MenuEntry(_("インシデント"), "governance:incidents", "governance.report_incident"),
        MenuEntry(_("言語モデルの関所"), "governance:gate", "governance.see_gate"),
        MenuEntry(_("台帳の開示"), "governance:disclosure", "governance.disclose"),
    )

    def ready(self) -> None:
        from machi.governance import rules  # noqa: F401
