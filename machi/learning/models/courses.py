"""Courses: what is taught, who takes part, how far they are."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import SharedModel


class Course(SharedModel):
    """A curriculum that the towns of a consortium share."""

    slug = models.SlugField(max_length=60)
    title = models.CharField(_("研修の名前"), max_length=120)
    summary = models.TextField(_("どんな研修か"), max_length=2_000)

    class Meta:
        ordering = ("title", "pk")
        constraints = (models.UniqueConstraint(fields=["consortium", "slug"], name="course_once"),)

    def __str__(self) -> str:
        return self.title


class CourseVersion(SharedModel):
    """A course as it is taught: once published it no longer changes, so that what a certificate says stays true."""

    class State(models.TextChoices):
        DRAFT = "draft", _("下書き")
        PUBLISHED = "published", _("公開中")
        RETIRED = "retired", _("終了")

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版"))
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    changes = models.TextField(_("前の版から変えたこと"), max_length=2_000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("course", "-number")
        constraints = (models.UniqueConstraint(fields=["course", "number"], name="course_version_once"),)

    def __str__(self) -> str:
        return f"{self.course} v{self.number}"


class Module(SharedModel):
    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="modules")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("章の名前"), max_length=120)

    class Meta:
        ordering = ("version", "order")
        constraints = (models.UniqueConstraint(fields=["version", "order"], name="module_order_once"),)

    def __str__(self) -> str:
        return self.title


class Lesson(SharedModel):
    """One sitting: a text in Markdown, with pictures and videos, and its exercises."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons")
    order = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    title = models.CharField(_("レッスンの名前"), max_length=120)
    minutes = models.PositiveSmallIntegerField(_("かかる時間（分）"), default=20)
    goals = models.JSONField(_("できるようになること"), default=list)
    """A list of sentences."""
    text = models.TextField(_("本文（Markdown）"))
    sources = models.JSONField(_("出典"), default=list)
    """Objects with ``title``, ``by``, ``url``, ``date``: what the facts of the text rest on."""

    class Meta:
        ordering = ("module", "order")
        constraints = (
            models.UniqueConstraint(fields=["module", "order"], name="lesson_order_once"),
            models.UniqueConstraint(fields=["module", "slug"], name="lesson_slug_once"),
        )

    def __str__(self) -> str:
        return self.title


class LessonMedia(SharedModel):
    """A picture or video that a lesson's text shows by its name. The bytes lie in a file named by their digest, so
    that the versions of a course share it."""

    class Kind(models.TextChoices):
        PNG = "png", "PNG"
        JPEG = "jpeg", "JPEG"
        MP4 = "mp4", "MP4"
        WEBM = "webm", "WebM"

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="media")
    name = models.CharField(_("本文で使う名前"), max_length=90)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes, in hexadecimal."""
    size = models.PositiveIntegerField()
    alt = models.CharField(_("何が写っているか（動画は題名）"), max_length=300)
    transcript = models.TextField(_("動画の内容を文字にしたもの"), max_length=20_000, blank=True)
    captions = models.TextField(_("字幕（WebVTT）"), blank=True)
    silent = models.BooleanField(_("音声はない"), default=False)
    credit = models.CharField(_("作った人・出典"), max_length=200, blank=True)

    class Meta:
        ordering = ("lesson", "name")
        constraints = (models.UniqueConstraint(fields=["lesson", "name"], name="lesson_media_once"),)
        indexes = (models.Index(fields=["consortium", "digest"]),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_video(self) -> bool:
        return self.kind in (self.Kind.MP4, self.Kind.WEBM)


def new_salt() -> str:
    return secrets.token_hex(16)


class Cohort(SharedModel):
    """People of several towns who take one version of a course together."""

    class State(models.TextChoices):
        PLANNED = "planned", _("準備中")
        OPEN = "open", _("受付中")
        RUNNING = "running", _("実施中")
        ENDED = "ended", _("終了")

    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="cohorts")
    title = models.CharField(_("回の名前"), max_length=120)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.PLANNED)
    starts_on = models.DateField(_("始まる日"))
    ends_on = models.DateField(_("終わる日"))
    instructors = models.ManyToManyField("base.Person", related_name="+", verbose_name=_("講師"), blank=True)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    """Of the pseudonyms under which learning records leave this installation: other for each cohort."""

    class Meta:
        ordering = ("-starts_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="cohort_ends_after"),
        )
        indexes = (models.Index(fields=["consortium", "state"]),)

    def __str__(self) -> str:
        return self.title


class Enrolment(SharedModel):
    """A person's place in a cohort, for the town they work in."""

    class State(models.TextChoices):
        ACTIVE = "active", _("受講中")
        COMPLETED = "completed", _("修了")
        WITHDRAWN = "withdrawn", _("取りやめ")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.ACTIVE)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reminders = models.BooleanField(_("お知らせのメールを受け取る"), default=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("cohort", "municipality", "pk")
        constraints = (models.UniqueConstraint(fields=["cohort", "person"], name="enrolment_once"),)
        indexes = (
            models.Index(fields=["cohort", "municipality", "state"]),
            models.Index(fields=["consortium", "person"]),
        )

    def __str__(self) -> str:
        return f"{self.cohort}: {self.person_id}"


class LessonProgress(SharedModel):
    """That a learner has opened, and finished, a lesson."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["enrolment", "lesson"], name="lesson_progress_once"),)

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id}"
