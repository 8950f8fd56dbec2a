from django.utils.translation import gettext_lazy as _

from machi.base.rooms import RoomConfig


class BaseConfig(RoomConfig):
    name = "machi.base"
    label = "base"
    verbose_name = _("共通")
    urls = "machi.base.web.urls"
    commands = "machi.base.cli:commands"
    sample = "machi.base.sample:load"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from machi.base import rowsecurity, rules  # noqa: F401

        post_migrate.connect(rowsecurity.protect, sender=self)
