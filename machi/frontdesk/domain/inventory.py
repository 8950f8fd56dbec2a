"""The read side of sources for staff: what is registered, in which version, and what of it is in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from machi.frontdesk.models import Document, Source, SourceFile

M = TypeVar("M", bound=Model)


def sources(on: date) -> QuerySet[Source]:
    """All sources with ``file_count``, ``document_count`` (current ones), ``ended_count`` (of those, past their
    validity on ``on``) and ``not_read_sum`` (places of current files that could not be read)."""
    current = Document.objects.filter(source=OuterRef("pk"), current=True)
    files = SourceFile.objects.filter(source=OuterRef("pk"), current=True)
    return Source.objects.select_related("division").annotate(
        file_count=_figure(files, Count("pk")),
        document_count=_figure(current, Count("pk")),
        ended_count=_figure(current.filter(valid_until__lt=on), Count("pk")),
        not_read_sum=_figure(files, Sum("not_read")),
    )


def _figure(rows: QuerySet[Document] | QuerySet[SourceFile], figure: Count | Sum) -> Coalesce:
    grouped = rows.order_by().values("source").annotate(figure=figure).values("figure")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)


def files(source: Source) -> QuerySet[SourceFile]:
    """The newest version of each file, with ``version_in_use`` (None: withdrawn) and ``document_count``."""
    versions = SourceFile.objects.filter(source=source, name=OuterRef("name"))
    documents = Document.objects.filter(source=source, file__name=OuterRef("name"), current=True)
    counted = documents.order_by().values("file__name").annotate(figure=Count("pk")).values("figure")
    return (
        SourceFile.objects.filter(source=source)
        .annotate(
            newest=Subquery(versions.order_by("-version").values("version")[:1]),
            version_in_use=Subquery(versions.filter(current=True).values("version")[:1]),
            document_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        )
        .filter(version=F("newest"))
        .select_related("added_by")
        .defer("problems")
        .order_by("name")
    )


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file beside the one before it."""

    file: SourceFile
    read_change: int | None
    """None for the first version."""
    not_read_change: int | None
    size_change: int | None


def versions(file: SourceFile) -> list[Version]:
    """All versions of this file, the newest first."""
    known = list(
        SourceFile.objects.filter(source=file.source_id, name=file.name)
        .select_related("added_by")
        .defer("problems")
        .order_by("version")
    )
    found = [
        Version(
            one,
            one.read - before.read if before else None,
            one.not_read - before.not_read if before else None,
            one.size - before.size if before else None,
        )
        for before, one in zip([None, *known], known, strict=False)
    ]
    return found[::-1]


def documents(source: Source) -> QuerySet[Document]:
    """Documents of every version, the newest date first, with what a list shows of them."""
    return (
        Document.objects.filter(source=source)
        .select_related("file", "duplicate_of")
        .defer("text", "blocks", "file__problems", "duplicate_of__text", "duplicate_of__blocks")
        .order_by(F("date").desc(nulls_last=True), "title", "pk")
    )


def in_use(found: QuerySet[Document], on: date) -> QuerySet[Document]:
    """Those an answer may rest on for a question about ``on``."""
    return found.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on),
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        current=True,
        duplicate_of__isnull=True,
    )


def with_words(found: QuerySet[M], words: str, fields: Sequence[str]) -> QuerySet[M]:
    """Rows in which each of the words (set apart by blanks) stands in one of ``fields``."""
    for word in words.split():
        any_field = Q()
        for field in fields:
            any_field |= Q(**{f"{field}__icontains": word})
        found = found.filter(any_field)
    return found
