"""Who comes to a seminar: registrations, the sessions they chose, the letters they were sent."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedEmailField, EncryptedTextField

from machi.base.scoping import SharedModel
from machi.learning.models.seminars import Seminar, SeminarSession, Way

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of typed codes: none that looks like another."""


def new_link() -> str:
    """The secret in a link: 192 random bits."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """What is typed at the entrance: 40 random bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


class SeminarRegistration(SharedModel):
    """A person's place in a seminar. ``CONFIRMED`` and ``OFFERED`` hold a seat; nobody else does."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("参加")
        WAITING = "waiting", _("キャンセル待ち")
        OFFERED = "offered", _("席の案内中")
        CANCELLED = "cancelled", _("取り消し")
        LAPSED = "lapsed", _("期限切れ")

    class Role(models.TextChoices):
        RESIDENT = "resident", _("住民")
        STAFF = "staff", _("自治体の職員")
        COUNCIL = "council", _("議員")
        BUSINESS = "business", _("企業・団体")
        SCHOOL = "school", _("学校・研究")
        OTHER = "other", _("その他")

    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="registrations")
    number = models.PositiveIntegerField(_("受付番号"))
    """Counted within the seminar; also the order of the waiting list."""
    token = models.CharField(max_length=40, unique=True, default=new_link)
    code = models.CharField(max_length=10, default=new_code)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices)
    way = models.CharField(_("参加のしかた"), max_length=10, choices=Way.choices)
    role = models.CharField(_("立場"), max_length=10, choices=Role.choices)
    town = models.ForeignKey(
        "base.Municipality", models.PROTECT, null=True, related_name="+", verbose_name=_("市区町村")
    )
    name = EncryptedCharField(_("お名前"), max_length=80, blank=True, null=True)
    email = EncryptedEmailField(_("メールアドレス"), blank=True, null=True)
    email_key = models.CharField(max_length=64, blank=True)
    """Keyed digest of the address, by which a second registration is found; empty once the person is gone."""
    organisation = EncryptedCharField(_("勤め先・団体"), max_length=160, blank=True, null=True)
    needs = EncryptedTextField(_("配慮してほしいこと"), blank=True, null=True)
    answers = EncryptedTextField(blank=True, null=True)
    """JSON: number of a ``SeminarQuestion`` -> its answer."""
    language = models.CharField(max_length=10, default="ja")
    made_at = models.DateTimeField(_("申込日時"), default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    offered_until = models.DateTimeField(_("返事の期限"), null=True)
    attended_at = models.DateTimeField(_("来場"), null=True)
    erased_at = models.DateTimeField(_("消去日時"), null=True)
    """Since then no name, address or words are left, and the link is dead."""

    class Meta:
        ordering = ("seminar", "number")
        indexes = (
            models.Index(fields=["seminar", "state", "way", "number"]),
            models.Index(fields=["seminar", "town", "state"]),
        )
        constraints = (
            models.UniqueConstraint(fields=["seminar", "number"], name="seminar_number_once"),
            models.UniqueConstraint(fields=["seminar", "code"], name="seminar_code_once"),
            models.UniqueConstraint(
                fields=["seminar", "email_key"],
                condition=Q(state__in=["confirmed", "waiting", "offered"]) & ~Q(email_key=""),
                name="seminar_email_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seminar_id}-{self.number:04}"


class SeminarChoice(SharedModel):
    """A session that somebody chose; ``seated`` where its room has a seat for them."""

    registration = models.ForeignKey(SeminarRegistration, models.CASCADE, related_name="choices")
    session = models.ForeignKey(SeminarSession, models.CASCADE, related_name="choices")
    seated = models.BooleanField(default=False)

    class Meta:
        ordering = ("registration", "session")
        constraints = (
            models.UniqueConstraint(fields=["registration", "session"], name="seminar_choice_once"),
        )

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.session_id}"


class SeminarMail(SharedModel):
    """A letter to somebody who registered, and whether it went out."""

    class Kind(models.TextChoices):
        TAKEN = "taken", _("申し込みの確認")
        AGAIN = "again", _("二重の申し込み")
        CHANGED = "changed", _("変更の確認")
        GONE = "gone", _("取り消しの確認")
        OFFER = "offer", _("席の案内")
        LAPSED = "lapsed", _("席の案内の期限切れ")
        WEEK = "week", _("7日前のお知らせ")
        DAY = "day", _("前日のお知らせ")
        CALLED_OFF = "called_off", _("中止のお知らせ")
        MOVED = "moved", _("日時・会場の変更")
        ASKED = "asked", _("アンケートのお願い")
        MATERIALS = "materials", _("資料の公開")

    class State(models.TextChoices):
        QUEUED = "queued", _("送信待ち")
        SENDING = "sending", _("送信中")
        SENT = "sent", _("送信済み")
        FAILED = "failed", _("送れなかった")

    ONCE = ("week", "day", "called_off", "asked", "materials")
    """Kinds of which nobody gets a second."""

    registration = models.ForeignKey(SeminarRegistration, models.CASCADE, related_name="mails")
    kind = models.CharField(_("種類"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=80, blank=True)
    """Kind of the last error; its words may name an address and are not kept."""
    queued_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-queued_at", "-pk")
        indexes = (models.Index(fields=["consortium", "state", "kind"]),)
        constraints = (
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=Q(kind__in=["week", "day", "called_off", "asked", "materials"]),
                name="seminar_mail_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.kind}"
