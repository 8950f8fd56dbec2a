"""A joint project: what came of an adopted proposal, or was agreed on without a call."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import SharedModel


class Area(models.TextChoices):
    """Areas of the ministry's wide-area joint-implementation model projects, and 'other'."""

    SHARED_IT = "shared_it", _("情報システムの共同利用")
    PROCUREMENT = "procurement", _("共同調達")
    EXPERTISE = "expertise", _("専門人材の共同確保")
    DISASTER = "disaster", _("防災・災害対応")
    TOURISM = "tourism", _("広域観光")
    WELFARE = "welfare", _("福祉・子育て")
    OTHER = "other", _("その他")


class JointProject(SharedModel):
    """What several towns carry out together, one of them leading."""

    class State(models.TextChoices):
        RUNNING = "running", _("実施中")
        DONE = "done", _("完了")
        STOPPED = "stopped", _("中止")

    title = models.CharField(_("事業名"), max_length=120)
    area = models.CharField(_("分野"), max_length=20, choices=Area.choices)
    lead = models.ForeignKey(
        "base.Municipality", models.PROTECT, related_name="+", verbose_name=_("代表自治体")
    )
    members = models.ManyToManyField("base.Municipality", related_name="+", verbose_name=_("構成自治体"))
    """All who carry it out, the lead among them."""
    amount = models.PositiveBigIntegerField(_("金額（円）"))
    starts_on = models.DateField(_("開始日"))
    ends_on = models.DateField(_("終了日"))
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.RUNNING)
    proposal = models.ForeignKey(
        "joint.Proposal", models.PROTECT, null=True, blank=True, related_name="projects"
    )
    """The adopted proposal it came of; None where there was no call."""

    class Meta:
        ordering = ("-starts_on", "pk")
        indexes = (models.Index(fields=["consortium", "state"]),)

    def __str__(self) -> str:
        return self.title
