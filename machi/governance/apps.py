from django.utils.translation import gettext_lazy as _

from machi.base.rooms import MenuEntry, RoomConfig


class GovernanceConfig(RoomConfig):
    name = "machi.governance"
    label = "governance"
    verbose_name = _("AIガバナンス")
    urls = "machi.governance.web.urls"
    mount = "m/<str:code>/governance/"
    approval = "machi.governance.domain.permission:why_not"
    menu: tuple[MenuEntry, ...] = ()

    def ready(self) -> None:
        from machi.governance import rules  # noqa: F401
