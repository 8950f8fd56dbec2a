"""Matching of experts and towns: what was computed, what was offered, what was agreed and what came of it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import SharedModel
from machi.joint.models.experts import Expert, ExpertRound, Posting


class MatchingRun(SharedModel):
    """One computation: the same lists by three methods side by side, with pairs fixed or barred beforehand."""

    class State(models.TextChoices):
        WAITING = "waiting", _("計算中")
        DONE = "done", _("計算済み")
        FAILED = "failed", _("計算できませんでした")

    round = models.ForeignKey(ExpertRound, models.PROTECT, related_name="runs")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """In which the joint office worked, where the AI system is approved."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    pins = models.JSONField(default=list)
    """[expert, posting] numbers, made beforehand to see what follows."""
    base = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    """The run that this one changes."""
    digest = models.CharField(max_length=64, blank=True)
    """Of all that went in; the same digest gives the same results."""
    error = models.TextField(blank=True)
    created_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("計算日時"), default=timezone.now)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"#{self.pk}"


class MatchingResult(SharedModel):
    """Of one method. Kept as it was computed: later changes of profiles do not rewrite reasons."""

    class Method(models.TextChoices):
        EXPERTS = "experts", _("安定（専門家から申し込む）")
        TOWNS = "towns", _("安定（自治体から申し込む）")
        FIT = "fit", _("適合度の合計が最大")

    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="results")
    method = models.CharField(_("方法"), max_length=10, choices=Method.choices)
    pairs = models.JSONField(default=list)
    """``{expert, posting, why, rank, rank_there, fit, parts}`` each."""
    unmatched_experts = models.JSONField(default=dict)
    """Number -> reason -> how many postings."""
    unmatched_postings = models.JSONField(default=dict)
    blocking = models.JSONField(default=list)
    """[expert, posting] that would both rather have each other."""
    figures = models.JSONField(default=dict)
    released_at = models.DateTimeField(_("通知日時"), null=True)
    """When the joint office chose it; later ones add to it."""

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["run", "method"], name="matching_method_once"),)

    def __str__(self) -> str:
        return f"#{self.run_id} {self.get_method_display()}"


class ExpertOffer(SharedModel):
    """A released pair, until both have answered."""

    class Answer(models.TextChoices):
        WAITING = "waiting", _("返事待ち")
        ACCEPTED = "accepted", _("承諾")
        DECLINED = "declined", _("辞退")

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="offers")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="offers")
    result = models.ForeignKey(MatchingResult, models.PROTECT, related_name="offers")
    reason = models.JSONField(default=dict)
    """The pair's entry in ``result.pairs``."""
    by_town = models.CharField(
        _("自治体の返事"), max_length=10, choices=Answer.choices, default=Answer.WAITING
    )
    by_expert = models.CharField(
        _("専門家の返事"), max_length=10, choices=Answer.choices, default=Answer.WAITING
    )
    created_at = models.DateTimeField(_("通知日時"), default=timezone.now)

    class Meta:
        ordering = ("posting__town_id", "pk")
        constraints = (models.UniqueConstraint(fields=["expert", "posting"], name="expert_offer_once"),)

    def __str__(self) -> str:
        return f"{self.expert} / {self.posting}"

    @property
    def declined(self) -> bool:
        return self.Answer.DECLINED in (self.by_town, self.by_expert)

    @property
    def agreed(self) -> bool:
        return self.by_town == self.by_expert == self.Answer.ACCEPTED


class ExpertAgreement(SharedModel):
    """What both accepted: the terms as they stood on that day."""

    offer = models.OneToOneField(ExpertOffer, models.PROTECT, related_name="agreement")
    hours = models.PositiveSmallIntegerField(_("時間（月）"))
    on_site = models.PositiveSmallIntegerField(_("現地の日数（月）"))
    fee = models.PositiveIntegerField(_("報酬（円・時間）"))
    first = models.DateField(_("始まり"))
    last = models.DateField(_("終わり"))
    agreed_at = models.DateTimeField(_("合意日時"), default=timezone.now)
    ended_on = models.DateField(_("終わった日"), null=True)
    end_reason = models.TextField(_("終わった理由"), blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return str(self.offer)


class ExpertReport(SharedModel):
    """Hours and work of one month, told by the expert, confirmed by the town."""

    agreement = models.ForeignKey(ExpertAgreement, models.CASCADE, related_name="reports")
    month = models.DateField(_("月"))
    """Its first day."""
    hours = models.DecimalField(_("働いた時間"), max_digits=5, decimal_places=1)
    work = models.TextField(_("したこと"))
    reported_at = models.DateTimeField(_("報告日時"), default=timezone.now)
    confirmed_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("確認日時"), null=True)

    class Meta:
        ordering = ("month",)
        constraints = (models.UniqueConstraint(fields=["agreement", "month"], name="expert_report_once"),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ExpertOutcome(SharedModel):
    """A figure by which the town sees whether it helped."""

    agreement = models.ForeignKey(ExpertAgreement, models.CASCADE, related_name="outcomes")
    name = models.CharField(_("指標"), max_length=120)
    unit = models.CharField(_("単位"), max_length=20, blank=True)
    before = models.DecimalField(_("始める前"), max_digits=12, decimal_places=2)
    target = models.DecimalField(_("目標"), max_digits=12, decimal_places=2)
    actual = models.DecimalField(_("実績"), max_digits=12, decimal_places=2, null=True)
    measured_on = models.DateField(_("測った日"), null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached, in whichever direction it lies; None before it is measured."""
        if self.actual is None:
            return None
        return self.actual >= self.target if self.target >= self.before else self.actual <= self.target
