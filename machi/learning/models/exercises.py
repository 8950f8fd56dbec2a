"""Exercises of lessons, and what learners answered."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel
from machi.learning.models.courses import Enrolment, Lesson


class Exercise(SharedModel):
    """A task that checks itself. ``task`` holds what its kind needs, key and all (``engine``): never shown whole."""

    class Kind(models.TextChoices):
        MASK = "mask", _("個人情報を見つけて隠す")
        GROUND = "ground", _("出典が支えている文を選ぶ")
        INSTRUCT = "instruct", _("指示文を書く")
        SUMMARISE = "summarise", _("要約を書く")
        DATA = "data", _("データを読む")
        QUIZ = "quiz", _("クイズ")

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="exercises")
    order = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    kind = models.CharField(_("種類"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("題"), max_length=120)
    task = models.JSONField()
    pass_percent = models.PositiveSmallIntegerField(
        _("合格の割合（%）"), default=70, validators=[MaxValueValidator(100)]
    )
    required = models.BooleanField(_("修了に必要"), default=True)

    class Meta:
        ordering = ("lesson", "order")
        constraints = (
            models.UniqueConstraint(fields=["lesson", "order"], name="exercise_order_once"),
            models.UniqueConstraint(fields=["lesson", "slug"], name="exercise_slug_once"),
        )

    def __str__(self) -> str:
        return self.title


class Attempt(SharedModel):
    """An answer to an exercise and what it scored. The answer's words go when the cohort has ended; the score stays."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attempts")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="attempts")
    answer = EncryptedTextField(null=True, blank=True)
    """JSON; None once erased (an encrypted column keeps an empty text as NULL)."""
    items = models.JSONField(default=dict)
    """Item of the exercise -> points got, 0 to 1, for item statistics."""
    percent = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    passed = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        indexes = (
            models.Index(fields=["enrolment", "exercise", "at"]),
            models.Index(fields=["exercise", "at"]),
        )

    def __str__(self) -> str:
        return f"{self.exercise_id}: {self.percent}%"
