"""How the ledger is kept. Only ``machi.base.ledger`` writes these rows, and none is ever changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.models.municipalities import Municipality
from machi.base.scoping import ScopedModel


class LedgerEntry(ScopedModel):
    """One leaf of the municipality's Merkle log. ``body`` is what is hashed; the columns beside it are
    copies to search by, and verification compares them."""

    index = models.PositiveBigIntegerField(_("番号"))
    body = models.TextField()
    """Canonical JSON."""
    leaf_hash = models.CharField(max_length=64)
    subtrees = models.JSONField(default=list)
    """Hashes (hexadecimal) of the larger subtrees that this leaf completed; proofs are made of them."""
    at = models.DateTimeField(_("日時"))
    kind = models.CharField(_("種類"), max_length=20)
    system = models.CharField(_("AIシステム"), max_length=60)
    subject = models.CharField(_("対象"), max_length=120)
    actor = models.CharField(_("実行者"), max_length=80, blank=True)

    class Meta:
        ordering = ("index",)
        constraints = (models.UniqueConstraint(fields=["municipality", "index"], name="ledger_index_once"),)
        indexes = (
            models.Index(fields=["municipality", "subject"]),
            models.Index(fields=["municipality", "system", "at"]),
        )

    def __str__(self) -> str:
        return f"{self.municipality_id}/{self.index}"


class LedgerSalt(ScopedModel):
    """The salt under an entry's digests. Erasing it makes them meaningless and leaves the log whole."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="salt")
    salt = models.BinaryField()

    def __str__(self) -> str:
        return str(self.entry)


class LedgerHead(models.Model):
    """Where the municipality's log stands: size, root, and the frontier that lets it grow."""

    municipality = models.OneToOneField(
        Municipality, models.PROTECT, primary_key=True, related_name="ledger_head"
    )
    size = models.PositiveBigIntegerField(default=0)
    root = models.CharField(max_length=64)
    frontier = models.JSONField(default=list)
    note = models.TextField(blank=True)
    """Signed with every entry, so that who can write the database and lacks the key can append nothing unseen."""

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.size}"


class LedgerCheckpoint(ScopedModel):
    """A signed statement of size and root; also written to a file beside the database."""

    size = models.PositiveBigIntegerField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("size",)

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.size}"


class LedgerRoot(ScopedModel):
    """The signed state of the log at the end of a month, for all to see. None is ever changed."""

    month = models.CharField(_("月"), max_length=7)
    """``2026-10``"""
    size = models.PositiveBigIntegerField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("month",)
        constraints = (models.UniqueConstraint(fields=["municipality", "month"], name="ledger_root_once"),)

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.month}"


class LedgerRuling(ScopedModel):
    """What a person ruled on a result, to be read and, if need be, erased: the ledger keeps the reason's digest."""

    class Verdict(models.TextChoices):
        AGREE = "agree", _("妥当")
        OVERRULE = "overrule", _("くつがえす")

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="ruling")
    """The entry that the ruling itself is."""
    on = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="rulings")
    verdict = models.CharField(_("判断"), max_length=10, choices=Verdict.choices)
    person = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("日時"))
    reason = EncryptedTextField(_("理由"), blank=True, null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("entry_id",)

    def __str__(self) -> str:
        return f"{self.on_id}: {self.verdict}"
