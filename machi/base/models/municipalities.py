"""The register of municipalities, and the consortia in which they work together."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import ScopedModel


def _for_reader(name: str, kana: str, name_en: str) -> str:
    """The name in the language of the page; easier Japanese adds how it is read."""
    language = get_language()
    return name_en if language == "en" else f"{name}（{kana}）" if language == "ja-easy" else name


class Prefecture(models.Model):
    code = models.CharField(primary_key=True, max_length=6)
    """Six digits, check digit included (JIS X 0401 and X 0402)."""
    name = models.CharField(max_length=20)
    kana = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return _for_reader(self.name, self.kana, self.name_en)


class Municipality(models.Model):
    """A tenant. All 1,741 are in the register; those with ``live`` run a front desk here."""

    code = models.CharField(primary_key=True, max_length=6)
    """Six digits, check digit included (JIS X 0402)."""
    prefecture = models.ForeignKey(Prefecture, models.PROTECT, related_name="municipalities")
    name = models.CharField(max_length=40)
    kana = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    website = models.URLField(blank=True)
    live = models.BooleanField(default=False)
    telephone = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=["live"]),)

    def __str__(self) -> str:
        return _for_reader(self.name, self.kana, self.name_en)

    def consortia_today(self) -> models.QuerySet["Consortium"]:
        """Those it is a member of now, the oldest first."""
        return Consortium.objects.filter(members__municipality=self, members__until__isnull=True).order_by(
            "pk"
        )

    @property
    def folder(self) -> Path:
        """Its own place for files and indexes; nothing of another municipality lies below it."""
        path: Path = settings.MACHI_HOME / "municipalities" / self.code
        return path


class Consortium(models.Model):
    name = models.CharField(max_length=80, unique=True)
    name_en = models.CharField(max_length=120, blank=True)
    municipalities = models.ManyToManyField(
        Municipality, through="ConsortiumMember", related_name="consortia"
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name


class ConsortiumMember(models.Model):
    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="members")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["consortium", "municipality"], name="consortium_member_once"),
        )

    def __str__(self) -> str:
        return f"{self.consortium}: {self.municipality}"


class Division(ScopedModel):
    """A division (課) of a municipality, to which work is handed over."""

    name = models.CharField(_("課名"), max_length=60)
    duties = models.TextField(_("担当する仕事"), blank=True)
    """Words of its duties, by which an inquiry finds it."""
    email = models.EmailField(_("メールアドレス"), blank=True)
    telephone = models.CharField(_("電話番号"), max_length=30, blank=True)
    is_default = models.BooleanField(_("行き先が分からない問い合わせを受ける"), default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["municipality", "name"], name="division_name_once"),
            models.UniqueConstraint(
                fields=["municipality"], condition=models.Q(is_default=True), name="division_one_default"
            ),
        )

    def __str__(self) -> str:
        return self.name
