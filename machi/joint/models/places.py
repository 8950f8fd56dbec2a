"""Welfare places across towns, what towns share of it: rounds, facilities, points tables, agreements, allocations.

Families are their town's own (``places_families``). What stands here of an applicant is a number, the home town and
the class: enough for a host to plan by, and nobody's name.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import SharedModel


class PlaceRound(SharedModel):
    """One call for applications of one kind of place, from opening to confirmation."""

    class Kind(models.TextChoices):
        CHILDCARE = "childcare", _("保育")
        ELDERLY = "elderly", _("高齢者の入所")
        SHORT_STAY = "short_stay", _("ショートステイ")

    class State(models.TextChoices):
        OPEN = "open", _("受付中")
        CLOSED = "closed", _("締切・選考中")
        CONFIRMED = "confirmed", _("確定")
        CANCELLED = "cancelled", _("中止")

    kind = models.CharField(_("種類"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("件名"), max_length=120)
    year = models.PositiveSmallIntegerField(_("年度"))
    deadline = models.DateField(_("申込の締切"))
    starts_on = models.DateField(_("利用の始まる日"))
    classes = models.JSONField(_("区分"), default=list)
    """Labels of age classes, rooms and care levels, or dates; places are counted by them."""
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.OPEN)
    seed = models.CharField(max_length=32, blank=True)
    """Of the lots: drawn when the round closes, so that nobody can choose it by its outcome."""
    first = models.OneToOneField("self", models.PROTECT, null=True, related_name="second")
    """The round whose remaining places this one offers."""
    created_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    closed_at = models.DateTimeField(_("締切日時"), null=True)
    confirmed_at = models.DateTimeField(_("確定日時"), null=True)
    moved_at = models.DateTimeField(null=True)
    """When all who still waited after ``first`` had been moved here."""
    reason = models.TextField(_("理由"), blank=True)
    """Of giving it up, or of opening it again."""

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=["consortium", "state"]),)

    def __str__(self) -> str:
        return self.title

    @property
    def moving(self) -> bool:
        """Are those who still wait on their way here from the first round?"""
        return self.first_id is not None and self.moved_at is None


class PlaceFacility(SharedModel):
    """A facility that offers places in a round."""

    round = models.ForeignKey(PlaceRound, models.CASCADE, related_name="facilities")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    code = models.CharField(_("施設番号"), max_length=20)
    name = models.CharField(_("施設名"), max_length=80)
    seats = models.JSONField(_("区分ごとの枠"), default=dict)
    """Places by class; an absent class has none."""
    flexible = models.PositiveSmallIntegerField(_("融通できる枠"), default=0)
    shared = models.JSONField(_("融通できる区分"), default=list)
    area = models.CharField(_("地区"), max_length=40, blank=True)
    """Facilities of the same area are near each other, for families who ask for that."""
    own_only = models.BooleanField(_("この町の人だけ"), default=False)

    class Meta:
        ordering = ("town_id", "code")
        constraints = (models.UniqueConstraint(fields=["round", "code"], name="place_facility_once"),)

    def __str__(self) -> str:
        return self.name


class PlaceTable(SharedModel):
    """A town's points and tie rules in a round. Each change is a new version; the last one before closing counts."""

    round = models.ForeignKey(PlaceRound, models.CASCADE, related_name="tables")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(_("版"))
    items = models.JSONField(default=list)
    """``key``, ``label``, ``points`` per unit, ``most`` units, ``at`` one facility only."""
    ties = models.JSONField(default=list)
    """``key`` of the item and ``higher`` first or not; in order."""
    made_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("作成日時"), default=timezone.now)

    class Meta:
        ordering = ("town_id", "-version")
        constraints = (
            models.UniqueConstraint(fields=["round", "town", "version"], name="place_table_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.town} v{self.version}"


class PlaceAgreement(SharedModel):
    """A host town admits another town's applicants, once the home town has agreed too."""

    round = models.ForeignKey(PlaceRound, models.CASCADE, related_name="agreements")
    host = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    home = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    equal = models.BooleanField(_("この町の人と同じ順で選ぶ"), default=False)
    """Otherwise the host's own residents come first."""
    quota = models.PositiveSmallIntegerField(_("最大の人数"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("合意した日時"), null=True)

    class Meta:
        ordering = ("host_id", "home_id")
        constraints = (
            models.UniqueConstraint(fields=["round", "host", "home"], name="place_agreement_once"),
        )

    def __str__(self) -> str:
        return f"{self.host} <- {self.home}"


class PlaceAllocation(SharedModel):
    """What the machine proposed for a round; a trial run keeps figures only and never counts."""

    class State(models.TextChoices):
        RUNNING = "running", _("計算中")
        DONE = "done", _("計算済み")
        FAILED = "failed", _("失敗")
        SUPERSEDED = "superseded", _("取り消し")

    round = models.ForeignKey(PlaceRound, models.CASCADE, related_name="allocations")
    trial = models.BooleanField(_("試算"), default=False)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.RUNNING)
    by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    office = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """The town in which the joint office ran it."""
    at = models.DateTimeField(_("日時"), default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)
    """Figures, stability, unmet claims, the towns' shares: ``domain.places_allocation.Summary``."""
    audit = models.BinaryField(null=True)
    """Everything it came from and how it came about, by numbers (gzip, JSON)."""
    why = models.TextField(blank=True)
    """Why it failed, in words for people."""

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.round} {self.at:%Y-%m-%d %H:%M}"


class PlaceOffer(SharedModel):
    """What one applicant gets in an allocation: a number, a class, a facility or none."""

    allocation = models.ForeignKey(PlaceAllocation, models.CASCADE, related_name="offers")
    number = models.CharField(_("申込番号"), max_length=60)
    household = models.CharField(max_length=60)
    home = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    class_label = models.CharField(_("区分"), max_length=40)
    proposed = models.ForeignKey(PlaceFacility, models.PROTECT, null=True, related_name="+")
    """What the machine proposed."""
    facility = models.ForeignKey(PlaceFacility, models.PROTECT, null=True, related_name="offers")
    """What counts: the proposal, or what a person decided instead."""
    rank = models.PositiveSmallIntegerField(_("希望順位"), null=True)
    changed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(_("辞退日時"), null=True)

    class Meta:
        ordering = ("home_id", "number")
        indexes = (models.Index(fields=["allocation", "home"]),)
        constraints = (models.UniqueConstraint(fields=["allocation", "number"], name="place_offer_once"),)

    def __str__(self) -> str:
        return self.number


class PlaceConfirmation(SharedModel):
    """A town's head let an allocation count for the town."""

    allocation = models.ForeignKey(PlaceAllocation, models.CASCADE, related_name="confirmations")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)
        constraints = (
            models.UniqueConstraint(fields=["allocation", "town"], name="place_confirmation_once"),
        )

    def __str__(self) -> str:
        return f"{self.town} {self.at:%Y-%m-%d}"
