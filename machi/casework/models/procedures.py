"""Which procedures a town works with, and the forms it reads."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import ScopedModel


class Procedure(ScopedModel):
    """A procedure in use by a town: what it asks, how it is checked, and what the town allows."""

    key = models.SlugField(max_length=60)
    title = models.CharField(_("手続の名前"), max_length=120)
    version = models.CharField(_("版"), max_length=20)
    content = models.JSONField(default=dict)
    """The procedure's data as it was taken over: forms' keys, rules, words of letters, output mapping."""
    active = models.BooleanField(_("受け付ける"), default=True)
    web_form = models.BooleanField(_("住民がウェブのフォームで申請できる"), default=True)
    working_days = models.PositiveSmallIntegerField(
        _("処理の期限（受付から、開庁日で）"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(250)],
    )
    straight_through = models.BooleanField(
        _("条件がそろった申請を、審査の画面を通さずに承認する"), default=False
    )
    threshold = models.FloatField(
        _("確かさの下限"), default=0.99, validators=[MinValueValidator(0.5), MaxValueValidator(1.0)]
    )
    """Below it a field is shown as doubtful, and nothing goes straight through."""
    two_person = models.BooleanField(_("2人目の承認が要る"), default=False)
    sampling_share = models.FloatField(
        _("抜き取って確かめる割合"),
        default=0.1,
        validators=[MinValueValidator(0.01), MaxValueValidator(1.0)],
    )
    """Of what went straight through; never none of it."""
    kept_days = models.PositiveIntegerField(
        _("決定のあと保存する日数"),
        default=1825,
        validators=[MinValueValidator(30), MaxValueValidator(10950)],
    )

    class Meta:
        ordering = ("title", "pk")
        constraints = (models.UniqueConstraint(fields=["municipality", "key"], name="case_procedure_once"),)

    def __str__(self) -> str:
        return self.title


class CaseForm(ScopedModel):
    """A version of a form's definition. Older versions stay: what was read with them names them."""

    key = models.SlugField(max_length=60)
    title = models.CharField(_("様式の名前"), max_length=120)
    version = models.PositiveSmallIntegerField(_("版"), default=1)
    definition = models.JSONField(default=dict)
    """``engine.form_data`` turns it into a ``FormDefinition``."""
    blank = models.CharField(max_length=64, blank=True)
    """The blank form's file (PDF or picture) below the municipality's folder, by its digest."""
    pictures = models.JSONField(default=list)
    """Its pages as pictures, by their digests."""
    current = models.BooleanField(default=True)
    made_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    made_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("key", "-version")
        constraints = (
            models.UniqueConstraint(fields=["municipality", "key", "version"], name="case_form_version_once"),
        )

    def __str__(self) -> str:
        return self.title


class ReadingControl(ScopedModel):
    """Whether the unattended reading goes on; without a row it does."""

    stopped = models.BooleanField(default=False)
    stopped_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["municipality"], name="case_reading_control_once"),)

    def __str__(self) -> str:
        return f"{self.municipality_id}: {'stopped' if self.stopped else 'going'}"


class FieldThreshold(ScopedModel):
    """A threshold for one field of a form, proposed from corrections and taken or declined by a person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("提案")
        ACCEPTED = "accepted", _("採用")
        DECLINED = "declined", _("見送り")

    form = models.SlugField(max_length=60)
    field = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    before = models.FloatField()
    value = models.FloatField(_("確かさの下限"))
    seen = models.PositiveIntegerField()
    wrong = models.PositiveIntegerField()
    """Readings it rests on, and how many of those at or above ``value`` were corrected."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-proposed_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "form", "field"],
                condition=models.Q(state="proposed"),
                name="case_threshold_one_proposal",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form}.{self.field}: {self.value}"

    @property
    def before_percent(self) -> str:
        return f"{self.before * 100:g}"

    @property
    def value_percent(self) -> str:
        return f"{self.value * 100:g}"
