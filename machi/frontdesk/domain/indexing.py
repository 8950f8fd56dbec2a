"""Keeps a municipality's index equal to its current documents, in the background.

The index is a derived thing: each build compares what it holds with what the database says it should hold
and applies the difference, so a killed or missed build is made good by the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from machi.base.domain.jobs import enqueue_once, reported
from machi.base.models import Municipality, Progress
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import quality
from machi.frontdesk.engine.duplicates import find_duplicates
from machi.frontdesk.models import Document, Passage
from machi.language.embedding import Embedder, default_embedder
from machi.language.engine.types import IndexEntry
from machi.language.index.store import MunicipalityIndex

log = logging.getLogger(__name__)
BUILD, EMBED = "frontdesk.build", "frontdesk.embed"
BATCH = 2_000
"""Passages made searchable at a time, so that progress shows and a kill loses little."""
OPEN_INDEXES = 64
"""Indexes held open at once; the rest are opened again when asked for."""


@lru_cache(maxsize=1)
def embedder() -> Embedder:
    """One model a process; it loads at the first text."""
    return default_embedder()


@lru_cache(maxsize=OPEN_INDEXES)
def _open(code: str, path: str) -> MunicipalityIndex:
    return MunicipalityIndex(Path(path), embedder())


def index_of(municipality: Municipality) -> MunicipalityIndex:
    return _open(municipality.code, str(municipality.folder / "index"))


def enqueue(municipality: Municipality) -> None:
    """Asks a worker to bring the index up to date, then to embed what is new."""
    enqueue_once(build_task, municipality.code)


def enqueue_all() -> None:
    """Makes good whatever was missed while machi was not running, an index of an older form included."""
    for municipality in Municipality.objects.filter(live=True):
        enqueue(municipality)


@task()
def build_task(code: str) -> None:
    municipality = Municipality.objects.get(code=code)
    build(municipality)
    # Embedding has a queue of its own: a long run of it must not keep other towns' texts from being found.
    enqueue_once(embed_task, code)


@task(queue_name="embedding")
def embed_task(code: str) -> None:
    municipality = Municipality.objects.get(code=code)
    embed(municipality)
    with in_municipality(municipality):
        try:
            quality.measure(municipality, index_of(municipality))
        except NotApproved:
            log.info("%s: search quality not measured, the desk may not answer there", code)


def build(municipality: Municipality) -> None:
    """Full text: afterwards exactly the current passages can be found."""
    with reported(municipality, BUILD, str(_("全文検索の索引づくり"))) as report:
        _mark_duplicates()
        index = index_of(municipality)
        held = set(index.snapshot().passages["passage_id"].tolist())
        wanted = set(_current_passages().values_list("pk", flat=True))
        missing = sorted(wanted - held)
        report(0, len(missing))
        for first in range(0, len(missing), BATCH):
            numbers = missing[first : first + BATCH]
            passages = Passage.objects.select_related("document").in_bulk(numbers)
            index.apply([_entry(passages[number]) for number in numbers])
            report(first + len(numbers), len(missing))
        index.apply([], sorted(held - wanted))


def embed(municipality: Municipality, watch: Callable[[int, int], None] | None = None) -> None:
    """Vectors for whatever has none yet; each batch counts as soon as it is written.

    ``watch`` is told (done, total) too, beside the progress that the pages show.
    """
    with reported(municipality, EMBED, str(_("意味で探すための準備"))) as report:

        def tell(done: int, total: int) -> None:
            report(done, total)
            if watch:
                watch(done, total)

        index_of(municipality).embed_missing(progress=tell)


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far a municipality's index is."""

    passages: int
    """Current passages in the database."""
    indexed: int
    embedded: int
    revision: str
    running: bool
    progress: list[Progress]


def status(municipality: Municipality) -> IndexState:
    index = index_of(municipality).status()
    progress = list(Progress.objects.filter(key__in=[BUILD, EMBED]).order_by("key"))
    return IndexState(
        passages=_current_passages().count(),
        indexed=index.passages,
        embedded=index.embedded,
        revision=str(index.revision),
        running=any(line.finished_at is None and not line.error for line in progress),
        progress=progress,
    )


def _current_passages() -> QuerySet[Passage]:
    return Passage.objects.filter(
        Q(document__duplicate_of__isnull=True), document__current=True, document__source__active=True
    )


def _entry(passage: Passage) -> IndexEntry:
    document = passage.document
    return IndexEntry(
        passage_id=passage.pk,
        title=document.title,
        headings=tuple(passage.headings),
        text=passage.text,
        # What was published after the day asked about was not known on it.
        valid_from=document.valid_from or document.date,
        valid_until=passage.valid_until,
    )


def _mark_duplicates() -> None:
    """Of documents with the same text only the newest is searched; the others say of which they are copies."""
    current = Document.objects.filter(current=True, source__active=True)
    newest_first = current.order_by(models.F("date").desc(nulls_last=True), "-pk")
    texts = {document.pk: document for document in newest_first.only("pk", "text", "duplicate_of")}
    changed = []
    originals = find_duplicates({pk: document.text for pk, document in texts.items()})
    for pk, document in texts.items():
        original = originals.get(pk)
        if document.duplicate_of_id != original:
            document.duplicate_of_id = original
            changed.append(document)
    Document.objects.bulk_update(changed, ["duplicate_of"], batch_size=500)
