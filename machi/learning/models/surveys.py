"""Surveys: what is asked, version by version, and what is answered by towns, or by nobody in particular."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel
from machi.learning.engine.questionnaire import Form, Kind, parse


class Survey(SharedModel):
    """A questionnaire of a consortium. ``form`` is what is being edited; what is answered is ``current``."""

    class Purpose(models.TextChoices):
        YEARLY = "yearly", _("調査（自治体ごとに1つ）")
        ASSESSMENT = "assessment", _("自己点検（自治体ごとに何度でも）")
        SEMINAR = "seminar", _("アンケート（名前を聞かない）")

    class State(models.TextChoices):
        DRAFT = "draft", _("準備中")
        OPEN = "open", _("回答受付中")
        CLOSED = "closed", _("締め切り")

    purpose = models.CharField(_("種類"), max_length=10, choices=Purpose.choices, default=Purpose.YEARLY)
    series = models.SlugField(_("記号（英数字）"), max_length=60)
    """The same over the years: its surveys are compared year by year."""
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("題"), max_length=120)
    title_en = models.CharField(_("題（英語）"), max_length=200, blank=True)
    introduction = models.TextField(_("はじめに読む説明"), max_length=4_000, blank=True)
    introduction_en = models.TextField(_("はじめに読む説明（英語）"), max_length=4_000, blank=True)
    form = models.JSONField(default=dict)
    """``engine.questionnaire``."""
    scoring = models.JSONField(default=dict, blank=True)
    """Of an assessment: its dimensions and levels, ``engine.maturity``."""
    named = models.BooleanField(_("自治体ごとの答えを、参加する自治体どうしで見せ合う"), default=False)
    """Else towns see counts alone, small ones hidden; the joint office reads every answer handed in."""
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    due_on = models.DateField(_("しめきり"), null=True, blank=True)
    current = models.ForeignKey("SurveyVersion", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-year", "title", "pk")
        constraints = (
            models.UniqueConstraint(fields=["consortium", "series", "year"], name="survey_once_a_year"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(current__isnull=False), name="survey_open_has_version"
            ),
        )
        indexes = (models.Index(fields=["consortium", "purpose", "state"]),)

    def __str__(self) -> str:
        return (get_language() == "en" and self.title_en) or self.title

    @property
    def opening_words(self) -> str:
        return (get_language() == "en" and self.introduction_en) or self.introduction

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class SurveyVersion(SharedModel):
    """A form as it was published. It never changes, so that an answer stays an answer to what was asked."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版"))
    form = models.JSONField()
    changes = models.TextField(_("前の版から変えたこと"), max_length=2_000, blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("survey", "-number")
        constraints = (models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once"),)

    def __str__(self) -> str:
        return f"{self.survey} v{self.number}"

    def parsed(self) -> Form:
        return parse(self.form)


class SurveyResponse(SharedModel):
    """Answers to a survey: a town's, written by several people and handed in by one; or, without a town, those of
    whoever holds the secret of a link. A draft is its own town's; the joint office reads it once it is handed in.

    What was chosen, numbers and dates are facts about a town, or without a name: they are counted as they are. What was
    written in free text may hold names, and is encrypted."""

    class State(models.TextChoices):
        DRAFT = "draft", _("記入中")
        HANDED_IN = "handed_in", _("提出済み")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="+")
    town = models.ForeignKey("base.Municipality", models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    """Of an assessment: the town's first, second ..."""
    token_digest = models.CharField(max_length=64, blank=True)
    """Without a town: SHA-256 of the secret in the link; the secret itself is not kept."""
    choices = models.JSONField(default=dict)
    words = EncryptedTextField(default="{}")
    """JSON: question -> what was written."""
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    returned_because = models.TextField(_("記入に戻した理由"), blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)
    """When what was written in free text was erased."""

    class Meta:
        ordering = ("survey", "town__code", "round", "pk")
        constraints = (
            models.UniqueConstraint(fields=["survey", "town", "round"], name="survey_response_once"),
            models.UniqueConstraint(
                fields=["survey", "token_digest"], condition=~Q(token_digest=""), name="survey_token_once"
            ),
            models.CheckConstraint(
                condition=Q(town__isnull=True) ^ Q(token_digest=""), name="survey_response_from_one"
            ),
        )
        indexes = (models.Index(fields=["survey", "state"]),)

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.town_id or '-'}"

    @property
    def answers(self) -> dict[str, Any]:
        """Question -> answer, as ``engine.questionnaire`` has them."""
        return {**self.choices, **json.loads(self.words)}

    def put(self, form: Form, answers: Mapping[str, Any]) -> None:
        """Takes ``answers`` over, each where its kind belongs. Does not save."""
        texts = {one.id for one in form if one.kind is Kind.TEXT}
        self.choices = {name: value for name, value in answers.items() if name not in texts}
        self.words = json.dumps(
            {name: value for name, value in answers.items() if name in texts}, ensure_ascii=False
        )


class SurveyFigures(SharedModel):
    """Counted answers as towns were shown them. They are counted anew only when several answers have come in: who sees
    two counts that differ by one answer would know whose it is."""

    survey = models.OneToOneField(Survey, models.CASCADE, related_name="figures")
    counted = models.PositiveIntegerField()
    """Answers in it."""
    figures = models.JSONField()
    """``domain.surveys_figures``."""
    final = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.counted}"


class SurveyReminder(SharedModel):
    """That a town was reminded of a survey on a day, so that nobody gets the same letter twice."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="reminders")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ("survey", "-on", "pk")
        constraints = (models.UniqueConstraint(fields=["survey", "town", "on"], name="survey_reminder_once"),)

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.town_id} {self.on}"
