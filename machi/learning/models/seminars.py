"""Seminars: what is held, when and where, who speaks, how many seats there are, what is asked and handed out."""

from __future__ import annotations

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedTextField

from machi.base.scoping import SharedModel


class Way(models.TextChoices):
    """How one attends."""

    ON_SITE = "on_site", _("会場で参加")
    ONLINE = "online", _("オンラインで参加")


class Seminar(SharedModel):
    """A seminar that the towns of a consortium hold together. Its seats are counted in ``SeminarSeats``."""

    class State(models.TextChoices):
        DRAFT = "draft", _("下書き")
        PUBLISHED = "published", _("受付中")
        CLOSED = "closed", _("受付終了")
        HELD = "held", _("開催済み")
        REPORTED = "reported", _("報告済み")
        CANCELLED = "cancelled", _("中止")

    class Format(models.TextChoices):
        ON_SITE = "on_site", _("会場")
        ONLINE = "online", _("オンライン")
        BOTH = "both", _("会場とオンライン")

    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """The town that hosts it: in its ledger stands what happened with it, in its folder lie the materials."""
    title = models.CharField(_("セミナーの名前"), max_length=120)
    title_en = models.CharField(_("名前（英語）"), max_length=160, blank=True)
    purpose = models.TextField(_("目的と内容"), max_length=4_000)
    purpose_easy = models.TextField(_("目的と内容（やさしい日本語）"), max_length=4_000, blank=True)
    purpose_en = models.TextField(_("目的と内容（英語）"), max_length=4_000, blank=True)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    form = models.CharField(_("開催の形"), max_length=10, choices=Format.choices, default=Format.ON_SITE)
    starts_at = models.DateTimeField(_("始まり"))
    ends_at = models.DateTimeField(_("終わり"))
    venue = models.CharField(_("会場"), max_length=120, blank=True)
    address = models.CharField(_("住所"), max_length=200, blank=True)
    online_url = models.URLField(_("オンライン会場のURL"), max_length=500, blank=True)
    """Told to those who have an online seat, nobody else."""
    opens_at = models.DateTimeField(_("受付の始まり"))
    closes_at = models.DateTimeField(_("受付の終わり"))
    waiting_list = models.BooleanField(_("満席のとき、キャンセル待ちを受け付ける"), default=True)
    offer_hours = models.PositiveSmallIntegerField(
        _("キャンセル待ちの人が返事をするまでの時間"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(336)],
    )
    spoken = models.CharField(_("使う言語"), max_length=120, blank=True)
    contact = models.CharField(_("問い合わせ先"), max_length=200)
    kept_days = models.PositiveSmallIntegerField(
        _("終わってから個人情報を消すまでの日数"),
        default=90,
        validators=[MinValueValidator(7), MaxValueValidator(365)],
    )
    cancel_reason = models.TextField(_("中止の理由"), max_length=1_000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    materials_at = models.DateTimeField(null=True, blank=True)
    """When the materials were made public."""
    survey = models.OneToOneField(
        "learning.Survey", models.SET_NULL, null=True, blank=True, related_name="seminar"
    )
    """The questionnaire: one answer per registration, by its secret link."""
    words_erased_at = models.DateTimeField(null=True, blank=True)
    """Since then, what people wrote is left only where the report quotes it."""
    last_number = models.PositiveIntegerField(default=0)
    """The last registration's; counted up in the transaction that registers."""

    class Meta:
        ordering = ("-starts_at", "-pk")
        indexes = (models.Index(fields=["consortium", "state", "starts_at"]),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="seminar_ends_after"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="seminar_closes_after"),
        )

    def __str__(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title

    @property
    def told(self) -> str:
        """Its purpose for the reader of the page."""
        match get_language():
            case "en":
                return self.purpose_en or self.purpose
            case "ja-easy":
                return self.purpose_easy or self.purpose
        return self.purpose

    @property
    def ways(self) -> list[Way]:
        match self.form:
            case self.Format.ON_SITE:
                return [Way.ON_SITE]
            case self.Format.ONLINE:
                return [Way.ONLINE]
        return [Way.ON_SITE, Way.ONLINE]

    def takes_registrations(self, now: datetime) -> bool:
        return self.state == self.State.PUBLISHED and self.opens_at <= now < self.closes_at


class SeminarSpeaker(SharedModel):
    """Shown with ``consented_on`` only: the day on which the speaker agreed to name and biography on the page."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="speakers")
    name = EncryptedCharField(_("氏名"), max_length=80)
    belongs = EncryptedCharField(_("所属・肩書き"), max_length=160, blank=True, null=True)
    biography = EncryptedTextField(_("紹介"), blank=True, null=True)
    consented_on = models.DateField(_("掲載に本人が同意した日"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name or ""


class SeminarSession(SharedModel):
    """A part of the programme. Those that people choose from are ``chosen``; the others are for all."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="sessions")
    title = models.CharField(_("題"), max_length=160)
    title_en = models.CharField(_("題（英語）"), max_length=200, blank=True)
    about = models.TextField(_("内容"), max_length=2_000, blank=True)
    starts_at = models.DateTimeField(_("始まり"))
    ends_at = models.DateTimeField(_("終わり"))
    room = models.CharField(_("部屋"), max_length=80, blank=True)
    chosen = models.BooleanField(_("申し込むときに選んでもらう"), default=False)
    speakers = models.ManyToManyField(SeminarSpeaker, blank=True, related_name="sessions")

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="seminar_session_ends_after"
            ),
        )

    def __str__(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title


class SeminarSeats(SharedModel):
    """Seats of one way of attending, or of a session's room. The database itself refuses more than ``capacity``:
    whatever goes wrong in a program, nobody gets a seat that is not there."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="seats")
    way = models.CharField(max_length=10, choices=Way.choices)
    """Of a session: ``on_site``, for a room has seats and a stream has none."""
    session = models.OneToOneField(SeminarSession, models.CASCADE, null=True, related_name="seats")
    capacity = models.PositiveIntegerField(null=True)
    """None: no limit."""
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["seminar", "way"], condition=Q(session=None), name="seminar_seats_once"
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")), name="seminar_never_overbooked"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.taken}/{self.capacity}"

    @property
    def free(self) -> int | None:
        """None: no limit."""
        return None if self.capacity is None else self.capacity - self.taken


class SeminarQuestion(SharedModel):
    """What the office asks besides, when people register."""

    class Kind(models.TextChoices):
        LINE = "line", _("1行の文")
        TEXT = "text", _("長い文")
        YES = "yes", _("はい・いいえ")
        ONE = "one", _("1つ選ぶ")
        SOME = "some", _("いくつでも選ぶ")
        NUMBER = "number", _("数")

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="questions")
    label = models.CharField(_("質問"), max_length=160)
    label_en = models.CharField(_("質問（英語）"), max_length=200, blank=True)
    kind = models.CharField(_("答え方"), max_length=10, choices=Kind.choices, default=Kind.LINE)
    choices = models.JSONField(_("選択肢"), default=list, blank=True)
    required = models.BooleanField(_("必ず答えてもらう"), default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.label_en if get_language() == "en" and self.label_en else self.label


class SeminarMaterial(SharedModel):
    """A file that was handed out, kept under its digest below the host's folder; public once that was decided."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="materials")
    title = models.CharField(_("資料の題"), max_length=160)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title
