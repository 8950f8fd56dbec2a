"""Partners, cost models, blocks of towns: what is stored."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel


class TownSelection(SharedModel):
    """Towns that one town has chosen, with what the models said of them when it was saved."""

    class Origin(models.TextChoices):
        CHOSEN = "chosen", _("自分で選んだ")
        SUGGESTED = "suggested", _("相手の提案から選んだ")
        BLOCK = "block", _("まとまりの案から選んだ")

    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """Whose it is."""
    title = models.CharField(_("名前"), max_length=80)
    note = models.TextField(_("何を一緒に考えたいか"), blank=True)
    codes = models.JSONField(default=list)
    """Of the towns, by code; any of the register, members or not."""
    part = models.FloatField(default=1.0)
    """Share of the work that would be done together."""
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.CHOSEN)
    estimates = models.JSONField(default=list)
    """A line for each purpose, as ``partners_costs.as_plain`` writes it."""
    suggestions = models.JSONField(default=dict)
    """``wish`` and ``reasons`` where it comes from suggestions; else empty."""
    shared = models.BooleanField(_("共同体に見せる"), default=False)
    created_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("保存日時"), default=timezone.now)
    shared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=["consortium", "town"]),)

    def __str__(self) -> str:
        return self.title


class Interest(SharedModel):
    """One town tells another that it would like to work with it. Only the two see it until both have said yes."""

    class State(models.TextChoices):
        WAITING = "waiting", _("返事待ち")
        YES = "yes", _("双方が関心あり")
        NO = "no", _("見送り")
        WITHDRAWN = "withdrawn", _("取り下げ")

    asking = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    asked = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    work = models.CharField(_("一緒に考えたい仕事"), max_length=120)
    selection = models.ForeignKey(TownSelection, models.SET_NULL, null=True, related_name="interests")
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("伝えた日時"), default=timezone.now)
    answered_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("返事の日時"), null=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (models.Index(fields=["consortium", "state"]),)
        constraints = (
            models.CheckConstraint(condition=~Q(asking=F("asked")), name="interest_in_another_town"),
            models.UniqueConstraint(
                fields=["consortium", "asking", "asked"],
                condition=Q(state="waiting"),
                name="interest_waiting_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.asking} → {self.asked}"


class InterestMessage(SharedModel):
    """What the two towns, and the joint office once they are a pair, say to each other."""

    interest = models.ForeignKey(Interest, models.CASCADE, related_name="messages")
    town = models.ForeignKey("base.Municipality", models.PROTECT, null=True, related_name="+")
    """None: the joint office."""
    person = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = EncryptedTextField(_("本文"), null=True)
    """People write names and telephone numbers here. None: erased."""

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.interest_id} {self.at:%Y-%m-%d %H:%M}"


class BlockPlan(SharedModel):
    """Towns of a prefecture divided into blocks: what was asked, and what the solver found."""

    class State(models.TextChoices):
        WAITING = "waiting", _("順番待ち")
        RUNNING = "running", _("計算中")
        FOUND = "found", _("案ができた")
        NONE = "none", _("案がない")
        STOPPED = "stopped", _("止まった")

    class Objective(models.TextChoices):
        COMPACT = "compact", _("近い町どうし（中心の町までの距離の合計が最小）")
        SIMILAR = "similar", _("課題が似た町どうし（指標の差の合計が最小）")
        BALANCE = "balance", _("人口をそろえる（平均との差の最大が最小）")

    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """Who asked."""
    prefecture = models.ForeignKey("base.Prefecture", models.PROTECT, related_name="+")
    fewest = models.PositiveSmallIntegerField(_("1つのまとまりの町の数（少なくとも）"))
    most = models.PositiveSmallIntegerField(_("1つのまとまりの町の数（多くとも）"))
    objective = models.CharField(
        _("何をいちばん良くするか"), max_length=10, choices=Objective.choices, default=Objective.COMPACT
    )
    blocks = models.PositiveSmallIntegerField(_("まとまりの数"), null=True, blank=True)
    seconds = models.PositiveSmallIntegerField(_("計算時間の上限（秒）"), default=30)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.WAITING)
    found = models.JSONField(default=dict)
    """``blocks``, ``value``, ``bound``, ``gap``, ``links``, ``seconds``; or ``why`` there are none."""
    shared = models.BooleanField(default=False)
    asked_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("頼んだ日時"), default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (models.Index(fields=["consortium", "town"]),)

    def __str__(self) -> str:
        return f"{self.prefecture} {self.fewest}-{self.most}"
