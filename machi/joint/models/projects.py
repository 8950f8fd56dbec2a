"""What several towns do together after a decision: the project itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import SharedModel


class JointProject(SharedModel):
    """A joint project of a lead town and its members."""

    class Area(models.TextChoices):
        SHARED_IT = "shared_it", _("共同利用システム")
        PROCUREMENT = "procurement", _("共同調達")
        EXPERTISE = "expertise", _("専門人材の共有")
        DISASTER = "disaster", _("防災")
        TOURISM = "tourism", _("観光")
        WELFARE = "welfare", _("福祉")
        OTHER = "other", _("その他")

    class State(models.TextChoices):
        RUNNING = "running", _("進行中")
        DONE = "done", _("完了")
        STOPPED = "stopped", _("中止")

    title = models.CharField(_("事業名"), max_length=120)
    area = models.CharField(_("分野"), max_length=20, choices=Area.choices)
    lead = models.ForeignKey(
        "base.Municipality", models.PROTECT, related_name="+", verbose_name=_("代表の自治体")
    )
    members = models.ManyToManyField("base.Municipality", related_name="+", verbose_name=_("参加する自治体"))
    """The lead among them."""
    amount = models.PositiveBigIntegerField(_("事業費（円）"))
    starts_on = models.DateField(_("開始日"))
    ends_on = models.DateField(_("終了日"))
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.RUNNING)

    class Meta:
        ordering = ("-starts_on", "-pk")
        indexes = (models.Index(fields=["consortium", "state"]),)

    def __str__(self) -> str:
        return self.title
