"""Search quality over time, on questions whose right document a person has confirmed."""

from __future__ import annotations

from machi.base.models import Municipality
from machi.frontdesk.models import Citation, Message, Passage, QualityMeasurement
from machi.language.index.store import MunicipalityIndex

MOST = 200
"""Confirmed questions measured, the newest ones."""
DEPTH = 10


def confirmed(limit: int = MOST) -> list[tuple[str, set[int]]]:
    """Questions with the documents that answer them: what a clerk's answer rested on, or what helped."""
    pairs: dict[int, tuple[str, set[int]]] = {}
    answers = Message.objects.filter(from_staff=True, internal=False, documents__isnull=False)
    for message in (
        answers.select_related("hand_over__inquiry")
        .prefetch_related("documents")
        .distinct()
        .order_by("-at")[:limit]
    ):
        inquiry = message.hand_over.inquiry
        pairs.setdefault(inquiry.pk, (inquiry.question, set()))[1].update(
            d.pk for d in message.documents.all()
        )
    helped = Citation.objects.filter(inquiry__helped=True).select_related("inquiry").order_by("-inquiry_id")
    for citation in helped[: limit * 5]:
        inquiry = citation.inquiry
        pairs.setdefault(inquiry.pk, (inquiry.question, set()))[1].add(citation.document_id)
    return [pairs[pk] for pk in sorted(pairs, reverse=True)[:limit]]


def measure(municipality: Municipality, index: MunicipalityIndex) -> QualityMeasurement | None:
    """Searches every confirmed question again; None where neither index nor questions have changed."""
    pairs = confirmed()
    revision = str(index.status().revision)
    last = QualityMeasurement.objects.last()
    if not pairs or (last and (last.index_revision, last.questions) == (revision, len(pairs))):
        return None
    ranks: list[int | None] = []
    for question, wanted in pairs:
        hits = [hit.passage_id for hit in index.search(question, k=DEPTH, on=None)]
        documents = dict(Passage.objects.filter(pk__in=hits).values_list("pk", "document_id"))
        found = [number for number, pk in enumerate(hits, start=1) if documents.get(pk) in wanted]
        ranks.append(found[0] if found else None)

    def within(k: int) -> float:
        return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)

    return QualityMeasurement.objects.create(
        municipality=municipality,
        index_revision=revision,
        questions=len(pairs),
        hit_1=within(1),
        hit_3=within(3),
        hit_10=within(10),
        mrr_10=sum(1 / rank for rank in ranks if rank) / len(ranks),
    )
