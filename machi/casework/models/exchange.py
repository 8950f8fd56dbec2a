"""What is exchanged with other systems: a town's own mappings, their files, and the rows that became applications."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedTextField

from machi.base.scoping import ScopedModel


class OwnMapping(ScopedModel):
    """One version of a mapping that the town wrote itself; the active one of a key is used, in the place of machi's own
    of that key."""

    key = models.CharField(_("記号"), max_length=80)
    version = models.PositiveIntegerField(_("版"))
    title = models.CharField(_("名前"), max_length=120)
    text = models.TextField(_("定義（JSON）"))
    active = models.BooleanField(_("使う"), default=True)
    made_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("登録日時"), default=timezone.now)

    class Meta:
        ordering = ("key", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "key", "version"], name="case_mapping_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Import(ScopedModel):
    """A file of another system: looked at, then taken once a person says so."""

    class State(models.TextChoices):
        LOOKING = "looking", _("点検中")
        WAITING = "waiting", _("確認待ち")
        TAKING = "taking", _("取り込み中")
        TAKEN = "taken", _("取り込み済み")

    procedure = models.ForeignKey("casework.Procedure", models.PROTECT, related_name="+")
    mapping = models.CharField(_("形"), max_length=80)
    name = EncryptedCharField(_("ファイル"), max_length=300)
    """Encrypted, for people name files after people."""
    sha256 = models.CharField(max_length=64)
    data = EncryptedTextField(null=True)
    """The file while it waits, compressed (``domain.importing``); none once it was taken."""
    state = models.CharField(_("状態"), max_length=8, choices=State.choices, default=State.LOOKING)
    overtaken = models.BooleanField(default=False)
    """It was to be taken, and was not: what was looked at no longer held."""
    rows = models.PositiveIntegerField(_("行"), default=0)
    fresh = models.PositiveIntegerField(_("新しい"), default=0)
    known = models.PositiveIntegerField(_("すでにある"), default=0)
    wrong = models.PositiveIntegerField(_("誤りのある"), default=0)
    report = EncryptedTextField(null=True)
    """JSON: what is to be told row by row (``domain.importing_report``)."""
    person = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("日時"), default=timezone.now)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportedRow(ScopedModel):
    """The row an application was made of. Its keyed digests know it when it comes again."""

    application = models.OneToOneField("casework.Application", models.CASCADE, related_name="imported")
    source = models.ForeignKey(Import, models.PROTECT, related_name="taken")
    row = models.PositiveIntegerField()
    """As a spreadsheet counts."""
    reference = EncryptedCharField(max_length=120, null=True)
    """The number that the other system gave it."""
    cells = EncryptedTextField()
    """JSON: field -> the title of its column and what stood there."""
    identity = models.CharField(max_length=64)
    """Of the reference, or of the whole row where there is none."""
    content = models.CharField(max_length=64)
    """Of the whole row."""

    class Meta:
        ordering = ("row",)
        constraints = (
            models.UniqueConstraint(fields=["municipality", "identity"], name="case_imported_once"),
        )

    def __str__(self) -> str:
        return f"{self.source_id}/{self.row}"
