from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from machi.base.rooms import Attribution, MenuEntry, PublicPage, RoomConfig


class BaseConfig(RoomConfig):
    name = "machi.base"
    label = "base"
    verbose_name = _("共通")
    urls = "machi.base.web.urls"
    commands = "machi.base.cli:commands"
    sample = "machi.base.sample:load"
    setting_up = "machi.base.domain.setting_up:base_steps"
    public_pages = (PublicPage(_("記録台帳の証明"), "base:ledger_roots"),)
    menu = (
        MenuEntry(_("仕事のはじめ"), "base:staff_home", "base.work"),
        MenuEntry(_("システムの状態"), "base:status", "base.work"),
        MenuEntry(_("はじめる準備"), "base:setting_up", "base.set_up", group=_("管理")),
        MenuEntry(_("職員と権限"), "base:people", "base.manage_people", group=_("管理")),
        MenuEntry(_("記録台帳"), "base:ledger", "base.see_ledger", group=_("管理")),
    )
    ledger_kinds: ClassVar = {
        "result": _("AIの結果"),
        "ruling": _("職員の判断"),
        "people": _("職員と権限"),
        "verification": _("台帳の検証"),
        "root": _("月次ルートの公表"),
        "erasure": _("個人情報の消去"),
    }
    ledger_systems: ClassVar = {"base.people": _("職員と権限"), "base.ledger": _("記録台帳")}
    ledger_subjects: ClassVar = {
        "person": _("職員"),
        "municipality": _("自治体"),
        "ledger": _("台帳"),
        "root": _("月次ルート"),
    }
    attributions = (
        Attribution(
            title=_("自治体の名前、読み、コード、位置、公式サイト"),
            by="code4fukui/localgovjp",
            licence="CC0 1.0",
            use=_("自治体の登録簿"),
            url="https://github.com/code4fukui/localgovjp",
        ),
        Attribution(
            title=_("デジタル庁デザインシステム デザイントークン"),
            by=_("デジタル庁"),
            licence="MIT",
            use=_("画面の色、文字の大きさ、間隔"),
            url="https://github.com/digital-go-jp/design-tokens",
        ),
        Attribution(
            title="Material Icons",
            by="Google",
            licence="Apache-2.0",
            use=_("画面の絵記号"),
            url="https://github.com/google/material-design-icons",
        ),
        Attribution(
            title="htmx",
            by="Big Sky Software",
            licence="0BSD",
            use=_("画面の部分的な更新"),
            url="https://htmx.org/",
        ),
    )

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from machi.base import rowsecurity, rules  # noqa: F401

        post_migrate.connect(rowsecurity.protect, sender=self)
