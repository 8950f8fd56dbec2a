"""Incidents with AI: what happened, what must be done by when, and what was learnt. Words are kept encrypted."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import ScopedModel


class Incident(ScopedModel):
    """Filed by anyone on the staff."""

    class Kind(models.TextChoices):
        WRONG_ANSWER = "wrong_answer", _("誤った回答を出した")
        PERSONAL_INFORMATION = "personal_information", _("個人情報をAIに入れた・漏れた")
        UNFAIR = "unfair", _("不公平・不適切な出力")
        COPYRIGHT = "copyright", _("著作権などの権利の侵害")
        OUTAGE = "outage", _("使えない・止まった")
        UNAPPROVED = "unapproved", _("承認されていないAIの利用")
        OTHER = "other", _("そのほか")

    class Severity(models.TextChoices):
        HIGH = "high", _("重大")
        MEDIUM = "medium", _("中")
        LOW = "low", _("軽微")

    class State(models.TextChoices):
        REPORTED = "reported", _("報告済み・未対応")
        CONTAINED = "contained", _("広がりを止めた")
        REPORTED_OUTSIDE = "reported_outside", _("外部へ報告済み")
        CLOSED = "closed", _("完了")

    kind = models.CharField(_("種類"), max_length=30, choices=Kind.choices)
    severity = models.CharField(_("重さ"), max_length=10, choices=Severity.choices)
    state = models.CharField(_("状態"), max_length=20, choices=State.choices, default=State.REPORTED)
    happened = EncryptedTextField(_("何が起きたか"))
    noticed_at = models.DateTimeField(_("気づいた日時"))
    filed_at = models.DateTimeField(_("報告した日時"), default=timezone.now)
    filed_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+", verbose_name=_("報告者"))
    systems = models.JSONField(default=list)
    """Keys of the AI systems concerned."""
    affected = models.PositiveIntegerField(_("影響を受けた人数"), null=True, blank=True)
    leaked = models.BooleanField(_("個人情報が外に出た、またはそのおそれがある"), default=False)
    sensitive = models.BooleanField(_("要配慮個人情報を含む"), default=False)
    property_damage = models.BooleanField(_("悪用されると財産の被害が出るおそれがある"), default=False)
    wrongful = models.BooleanField(_("不正の目的によるおそれがある"), default=False)
    my_number = models.BooleanField(_("マイナンバーを含む"), default=False)
    assignee = models.ForeignKey(
        "base.Person", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("担当者")
    )
    lesson = EncryptedTextField(_("分かったこと・再発防止"), blank=True, null=True)
    contained_at = models.DateTimeField(_("広がりを止めた日時"), null=True)
    closed_at = models.DateTimeField(_("完了日時"), null=True)

    class Meta:
        ordering = ("-filed_at",)
        indexes = (models.Index(fields=["municipality", "state"]),)

    def __str__(self) -> str:
        return f"#{self.pk}"


class IncidentDuty(ScopedModel):
    """Something an incident obliges to, made by rule from its facts."""

    class Duty(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("最初の対応")
        PRELIMINARY_REPORT = "preliminary_report", _("個人情報保護委員会への速報")
        TELL_PEOPLE = "tell_people", _("本人への通知")
        FINAL_REPORT = "final_report", _("個人情報保護委員会への確報")
        LESSON = "lesson", _("再発防止のまとめ")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="duties")
    duty = models.CharField(max_length=30, choices=Duty.choices)
    due_at = models.DateTimeField(_("期限"), null=True)
    met_at = models.DateTimeField(_("済んだ日時"), null=True)
    met_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (models.UniqueConstraint(fields=["incident", "duty"], name="incident_duty_once"),)
        indexes = (models.Index(fields=["municipality", "met_at", "due_at"]),)

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.duty}"


class IncidentNote(ScopedModel):
    """What somebody did or found out."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="notes")
    author = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    body = EncryptedTextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.at:%Y-%m-%d}"
