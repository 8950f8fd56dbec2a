"""Welfare places across towns, what is a town's own: families with names, circumstances and reasons."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedTextField

from machi.base.scoping import ScopedModel
from machi.joint.models.places import PlaceOffer, PlaceRound


class PlaceFamily(ScopedModel):
    """Who applies together. Names and addresses are kept encrypted, and no other town can reach the row."""

    class Together(models.TextChoices):
        SEPARATE = "separate", _("別々でよい")
        SAME = "same", _("同じ施設だけ")
        NEAR = "near", _("同じ施設か同じ地区の施設だけ")
        ANY = "any", _("施設は別でも、全員が同時に")

    round = models.ForeignKey(PlaceRound, models.CASCADE, related_name="+")
    number = models.CharField(_("家庭番号"), max_length=20)
    name = EncryptedCharField(_("代表者の氏名"), max_length=80, blank=True, null=True)
    address = EncryptedCharField(_("住所"), max_length=200, blank=True, null=True)
    together = models.CharField(
        _("2人以上のとき"), max_length=10, choices=Together.choices, default=Together.SEPARATE
    )
    partly = models.BooleanField(_("全員が無理なら一部の人だけでもよい"), default=False)
    entered_at = models.DateTimeField(_("入力日時"), default=timezone.now)
    erased_at = models.DateTimeField(_("消去日時"), null=True)

    class Meta:
        verbose_name = _("家庭")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["municipality", "round", "number"], name="place_family_once"),
        )

    def __str__(self) -> str:
        return self.number


class PlaceApplicant(ScopedModel):
    """One person of a family who asks for one place; ``wishes`` are facilities (ids), best first."""

    family = models.ForeignKey(PlaceFamily, models.CASCADE, related_name="applicants")
    ordinal = models.PositiveSmallIntegerField()
    name = EncryptedCharField(_("利用する人の氏名"), max_length=80, blank=True, null=True)
    class_label = models.CharField(_("区分"), max_length=40)
    wishes = models.JSONField(_("希望する施設"), default=list)
    circumstances = EncryptedTextField(blank=True, null=True)
    """Facts that rules count: ``{"facts": {key: n}, "at": {facility: {key: n}}}`` as JSON."""
    withdrawn_at = models.DateTimeField(_("取下げ日時"), null=True)

    class Meta:
        ordering = ("family__number", "ordinal")
        constraints = (
            models.UniqueConstraint(fields=["family", "ordinal"], name="place_applicant_ordinal_once"),
        )

    def __str__(self) -> str:
        return f"{self.family.number}-{self.ordinal}"

    @property
    def number(self) -> str:
        """Different from all others of the consortium."""
        return f"{self.municipality_id}-{self.family.number}-{self.ordinal}"

    @property
    def facts(self) -> dict[str, int]:
        return dict(self._told().get("facts", {}))

    @property
    def facts_at(self) -> dict[str, dict[str, int]]:
        return dict(self._told().get("at", {}))

    def _told(self) -> dict[str, Any]:
        return json.loads(self.circumstances) if self.circumstances else {}


class PlaceUpload(ScopedModel):
    """A list that was read and found good, until it is taken or the next one comes."""

    round = models.ForeignKey(PlaceRound, models.CASCADE, related_name="+")
    person = models.ForeignKey("base.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    rows = EncryptedTextField()
    """JSON; names and addresses stand in it."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["municipality", "round", "person"], name="place_upload_once"),
        )

    def __str__(self) -> str:
        return f"{self.round_id}/{self.person_id}"


class PlaceReasons(ScopedModel):
    """Why an applicant of the town got its place, or none: for its family's letter."""

    offer = models.OneToOneField(PlaceOffer, models.CASCADE, related_name="+")
    applicant = models.ForeignKey(PlaceApplicant, models.CASCADE, related_name="reasons")
    reasons = models.JSONField(default=list)
    """As ``engine.welfare_reasons`` gives them, by wish."""
    ruling = EncryptedTextField(_("変更の理由"), blank=True, null=True)
    """Why a person decided otherwise."""

    class Meta:
        verbose_name = _("理由")

    def __str__(self) -> str:
        return f"{self.offer_id}"
