"""People who sign in, and the roles they hold. Residents need no account."""

from __future__ import annotations

from typing import Any, ClassVar

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.base.models.municipalities import Consortium, Municipality


class Role(models.TextChoices):
    CLERK = "clerk", _("窓口職員")
    MANAGER = "manager", _("管理職")
    AI_OFFICER = "ai_officer", _("AI責任者（CAIO）")
    JOINT_OFFICE = "joint_office", _("共同事務局")
    AUDITOR = "auditor", _("監査担当")
    ADMINISTRATOR = "administrator", _("システム管理者")
    LEARNER = "learner", _("受講者")
    """Takes part in courses, and does no other work here."""


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    email = models.EmailField(_("メールアドレス"), unique=True)
    name = models.CharField(_("氏名"), max_length=80)
    is_active = models.BooleanField(_("有効"), default=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, permission: str, municipality: Municipality | None = None) -> bool:
        """Asks the rooms' rules (``rules.py``); an inactive person may nothing."""
        return self.is_active and bool(rules.permissions.has_perm(permission, self, municipality))

    def roles_in(self, municipality: Municipality) -> frozenset[str]:
        """Roles held there: by its own appointment, through a consortium it is in, or for the whole platform."""
        known: dict[str, frozenset[str]] = self.__dict__.setdefault("_roles", {})
        if municipality.pk not in known:
            known[municipality.pk] = frozenset(
                self.appointments.filter(
                    Q(municipality=municipality)
                    | Q(consortium__members__in=municipality.memberships.filter(until__isnull=True))
                    | Q(municipality__isnull=True, consortium__isnull=True)
                ).values_list("role", flat=True)
            )
        return known[municipality.pk]

    def municipalities(self) -> models.QuerySet[Municipality]:
        """Where this person holds any role, live municipalities only."""
        if self.appointments.filter(municipality__isnull=True, consortium__isnull=True).exists():
            return Municipality.objects.filter(live=True)
        return Municipality.objects.filter(
            Q(appointments__person=self)
            | Q(memberships__until__isnull=True, memberships__consortium__appointments__person=self),
            live=True,
        ).distinct()


class Appointment(models.Model):
    """A role held by a person: in one municipality, in a consortium, or (neither set) on the whole platform."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role.choices)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    consortium = models.ForeignKey(
        Consortium, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    division = models.ForeignKey(
        "base.Division", models.SET_NULL, null=True, blank=True, related_name="appointments"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(municipality__isnull=True) | Q(consortium__isnull=True),
                name="appointment_one_place",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "municipality"],
                condition=Q(municipality__isnull=False),
                name="appointment_once_municipality",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "consortium"],
                condition=Q(consortium__isnull=False),
                name="appointment_once_consortium",
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(municipality__isnull=True, consortium__isnull=True),
                name="appointment_once_platform",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"
