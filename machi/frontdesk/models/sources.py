"""Sources, the files in them, and the documents and passages read from those, every version kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import ScopedModel


class Source(ScopedModel):
    """A named collection of files the front desk may answer from: a bulletin, a site, an FAQ."""

    name = models.CharField(_("名前"), max_length=120)
    url = models.URLField(_("リンク"), blank=True, max_length=500)
    attribution = models.CharField(_("出典の表示とライセンス"), max_length=300, blank=True)
    division = models.ForeignKey(
        "base.Division", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("担当課")
    )
    active = models.BooleanField(_("回答に使う"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["municipality", "name"], name="source_name_once"),)

    def __str__(self) -> str:
        return self.name


class SourceFile(ScopedModel):
    """One version of one file as it was handed in. The bytes stay below the municipality's own folder."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="files")
    name = models.CharField(_("ファイル名"), max_length=300)
    version = models.PositiveIntegerField(_("版"), default=1)
    current = models.BooleanField(default=True)
    """False once a newer version, or its withdrawal, has replaced it."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes, in hexadecimal; also the stored file's name."""
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20, blank=True)
    read = models.PositiveIntegerField(_("読み取れた数"), default=0)
    not_read = models.PositiveIntegerField(_("読み取れなかった数"), default=0)
    problems = models.JSONField(default=list)
    """``[{"place", "code", "message", "severity"}]``: what was not read, cell by cell where it matters."""
    added_at = models.DateTimeField(_("登録日時"), auto_now_add=True)
    added_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("name", "-version")
        constraints = (
            models.UniqueConstraint(fields=["source", "name", "version"], name="source_file_version_once"),
            models.UniqueConstraint(
                fields=["source", "name"], condition=models.Q(current=True), name="source_file_one_current"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Document(ScopedModel):
    """A document as it was read at one version. Old versions stay, so that an old answer's source can be seen."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="documents")
    file = models.ForeignKey(SourceFile, models.CASCADE, related_name="documents")
    key = models.CharField(max_length=64)
    """What makes it the same document in the next version of the file (a digest of file, place and title)."""
    version = models.PositiveIntegerField(_("版"), default=1)
    current = models.BooleanField(default=True)
    digest = models.CharField(max_length=64)
    title = models.CharField(_("題名"), max_length=300)
    category = models.CharField(_("分類"), max_length=60, blank=True)
    url = models.URLField(_("リンク"), blank=True, max_length=500)
    place = models.CharField(_("ファイルの中の場所"), max_length=120, blank=True)
    date = models.DateField(_("日付"), null=True, blank=True)
    valid_from = models.DateField(_("有効期間の初日"), null=True, blank=True)
    valid_until = models.DateField(_("有効期間の末日"), null=True, blank=True)
    text = models.TextField()
    blocks = models.JSONField(default=list)
    """``[[kind, level, start, end]]`` into ``text``, so that the page shows headings, lists and tables."""
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )

    class Meta:
        ordering = ("-date", "title")
        constraints = (
            models.UniqueConstraint(fields=["source", "key", "version"], name="document_version_once"),
        )
        indexes = (models.Index(fields=["municipality", "current"]),)

    def __str__(self) -> str:
        return self.title


class Passage(ScopedModel):
    """A stretch of a document that is searched and cited as one; its number is its name in the index."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="passages")
    ordinal = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    headings = models.JSONField(default=list)
    text = models.TextField()
    place = models.CharField(max_length=120, blank=True)
    valid_until = models.DateField(null=True)
    """Last day it may be offered as current: one article may announce April's and June's events."""

    class Meta:
        ordering = ("document_id", "ordinal")
        constraints = (models.UniqueConstraint(fields=["document", "ordinal"], name="passage_ordinal_once"),)

    def __str__(self) -> str:
        return f"{self.document} #{self.ordinal}"
