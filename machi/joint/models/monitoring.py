"""Joint projects under way: milestones, figures, half-yearly reports, model sheets, mentoring: what is stored."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel
from machi.joint.models.projects import JointProject


class ProjectMilestone(SharedModel):
    project = models.ForeignKey(JointProject, models.CASCADE, related_name="milestones")
    title = models.CharField(_("到達点"), max_length=120)
    due_on = models.DateField(_("予定日"))
    done_on = models.DateField(_("達成日"), null=True, blank=True)
    note = models.TextField(_("メモ"), blank=True)

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.title


class ProjectKpi(SharedModel):
    """A figure the project promised to move from its baseline to its target."""

    class Together(models.TextChoices):
        SUM = "sum", _("各自治体の値を合計する")
        MEAN = "mean", _("各自治体の値を平均する")
        LEAD = "lead", _("代表の自治体の値だけを使う")

    project = models.ForeignKey(JointProject, models.CASCADE, related_name="kpis")
    name = models.CharField(_("指標"), max_length=120)
    unit = models.CharField(_("単位"), max_length=20)
    rising = models.BooleanField(_("大きいほどよい"), default=True)
    together = models.CharField(_("まとめ方"), max_length=5, choices=Together.choices, default=Together.SUM)
    baseline = models.DecimalField(_("基準値"), max_digits=16, decimal_places=2)
    baseline_on = models.DateField(_("基準日"))
    target = models.DecimalField(_("目標値"), max_digits=16, decimal_places=2)
    target_on = models.DateField(_("目標の期日"))
    measured = models.TextField(_("測り方"), blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["project", "name"], name="project_kpi_once"),)

    def __str__(self) -> str:
        return self.name


class ProjectReport(SharedModel):
    """What one town says of one half-year. A draft is its own town's; others read it once it is handed in."""

    class State(models.TextChoices):
        DRAFT = "draft", _("作成中")
        SUBMITTED = "submitted", _("提出済み")
        RETURNED = "returned", _("差し戻し")
        CONFIRMED = "confirmed", _("確認済み")

    project = models.ForeignKey(JointProject, models.CASCADE, related_name="reports")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    half_year = models.CharField(_("半期"), max_length=6)
    """``2026-1``: ``engine.half_years``."""
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    did = models.TextField(_("行ったこと"), blank=True)
    problems = models.TextField(_("困っていること・計画とのちがいの理由"), blank=True)
    ahead = models.TextField(_("次の半期に行うこと"), blank=True)
    spent = models.PositiveBigIntegerField(_("この半期の支出（円）"), null=True, blank=True)
    returned_because = models.TextField(_("差し戻しの理由"), blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-half_year", "town__code")
        constraints = (
            models.UniqueConstraint(fields=["project", "town", "half_year"], name="project_report_once"),
        )
        indexes = (models.Index(fields=["consortium", "state"]),)

    def __str__(self) -> str:
        return f"{self.project_id}/{self.town_id}/{self.half_year}"


class KpiValue(SharedModel):
    report = models.ForeignKey(ProjectReport, models.CASCADE, related_name="values")
    kpi = models.ForeignKey(ProjectKpi, models.CASCADE, related_name="values")
    value = models.DecimalField(_("値"), max_digits=16, decimal_places=2)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "kpi"], name="kpi_value_once"),)

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.value}"


class ModelSheet(SharedModel):
    """How another town can do the same: written by the lead town, published by the joint office."""

    project = models.OneToOneField(JointProject, models.CASCADE, related_name="sheet")
    summary = models.TextField(_("一言で言うと"))
    problem = models.TextField(_("どんな困りごとを解いたか"))
    steps = models.TextField(_("進め方（1行に1つ）"))
    needs = models.TextField(_("始める前に必要なもの（人・物・合意）"))
    costs = models.TextField(_("費用と期間の目安"))
    pitfalls = models.TextField(_("つまずいたところと、避け方"), blank=True)
    fits = models.TextField(_("向いている自治体・向かない自治体"), blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-published_at",)

    def __str__(self) -> str:
        return str(self.project)


class ModelAdoption(SharedModel):
    """A town that does what a sheet describes, and what came of it."""

    class State(models.TextChoices):
        TRYING = "trying", _("取り組み中")
        WORKED = "worked", _("うまくいった")
        PARTLY = "partly", _("一部うまくいった")
        FAILED = "failed", _("うまくいかなかった")

    sheet = models.ForeignKey(ModelSheet, models.CASCADE, related_name="adoptions")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    adopted_on = models.DateField(_("取り入れた日"))
    plan = models.TextField(_("どう取り入れるか"))
    state = models.CharField(_("結果"), max_length=10, choices=State.choices, default=State.TRYING)
    outcome = models.TextField(_("どうなったか"), blank=True)
    outcome_on = models.DateField(null=True)

    class Meta:
        ordering = ("adopted_on", "pk")
        constraints = (models.UniqueConstraint(fields=["sheet", "town"], name="model_adoption_once"),)

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.town_id}"


class MentoringQuestion(SharedModel):
    """A question of a project's town to the joint office; its answer is kept."""

    project = models.ForeignKey(JointProject, models.CASCADE, related_name="questions")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    title = models.CharField(_("件名"), max_length=120)
    question = models.TextField(_("質問"))
    asked_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("質問した日時"), default=timezone.now)
    answer = models.TextField(_("回答"), blank=True)
    answered_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("回答した日時"), null=True)
    for_all = models.BooleanField(_("共同体のほかの自治体も読める"), default=False)

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (models.Index(fields=["consortium", "answered_at"]),)

    def __str__(self) -> str:
        return self.title


class SiteVisit(SharedModel):
    """What the joint office saw and agreed on a visit to a town of a project."""

    project = models.ForeignKey(JointProject, models.CASCADE, related_name="visits")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    visited_on = models.DateField(_("訪問日"))
    present = EncryptedTextField(_("参加した人"), blank=True, null=True)
    """Names: kept encrypted, and never in the ledger."""
    seen = models.TextField(_("見たこと・聞いたこと"))
    agreed = models.TextField(_("次にすると決めたこと"), blank=True)
    follow_up_on = models.DateField(_("次に確かめる日"), null=True, blank=True)
    followed_up = models.TextField(_("その後どうなったか"), blank=True)

    class Meta:
        ordering = ("-visited_on", "-pk")

    def __str__(self) -> str:
        return f"{self.project_id}/{self.town_id}/{self.visited_on}"
