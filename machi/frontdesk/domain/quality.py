"""Search quality over time, on questions whose right document a person has confirmed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.base.rooms import QualityLine
from machi.base.running import ensure_may_run
from machi.frontdesk.apps import ANSWERS
from machi.frontdesk.models import Citation, Inquiry, Message, Passage, QualityMeasurement
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
    helped = (
        Citation.objects.filter(inquiry__helped=True, inquiry__erased_at=None)
        .select_related("inquiry")
        .order_by("-inquiry_id")
    )
    for citation in helped[: limit * 5]:
        inquiry = citation.inquiry
        pairs.setdefault(inquiry.pk, (inquiry.question, set()))[1].add(citation.document_id)
    return [pairs[pk] for pk in sorted(pairs, reverse=True)[:limit]]


def measure(municipality: Municipality, index: MunicipalityIndex) -> QualityMeasurement | None:
    """Searches every confirmed question again; None where neither index nor questions have changed.

    NotApproved where the desk's AI system may not run there.
    """
    ensure_may_run(municipality, ANSWERS)
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


JUDGED_OVER = timedelta(days=90)
"""Residents' own judgement is told of this long."""


def published(municipality: Municipality) -> list[QualityLine]:
    """What everybody may know of how good the desk's answers are: measured elsewhere, here, and by residents."""
    bench = _bench()
    on = date.fromisoformat(bench["on"])
    note = _(
        "見本の3市の文書での試験（答えのある質問{known}件、答えのない質問{unknown}件。{document}）"
    ).format(known=bench["answerable"], unknown=bench["unanswerable"], document=bench["document"])
    lines = [
        QualityLine(_("正しく答えた割合"), bench["answered_right"], on, note),
        QualityLine(_("誤って答えた割合"), bench["answered_wrong"], on, note),
        QualityLine(_("答えのない質問に「分からない」と言えた割合"), bench["refused"], on, note),
    ]
    if last := QualityMeasurement.objects.last():
        lines.append(
            QualityLine(
                _("確かめた質問で、正しい資料が上位3件に入った割合"),
                f"{last.hit_3:.1%}",
                timezone.localdate(last.at),
                _("この町の質問{count}件で測りました。").format(count=last.questions),
            )
        )
    told = Inquiry.objects.filter(asked_at__gte=timezone.now() - JUDGED_OVER).aggregate(
        yes=Count("pk", filter=Q(helped=True)), no=Count("pk", filter=Q(helped=False))
    )
    if judged := told["yes"] + told["no"]:
        lines.append(
            QualityLine(
                _("「役に立った」と答えた人の割合"),
                f"{told['yes'] / judged:.0%}",
                None,
                _("この90日に答えてくれた{count}人のうち。").format(count=judged),
            )
        )
    return lines


@cache
def _bench() -> dict[str, str]:
    """The published figures of ``docs/bench/answers.md``."""
    text = (files("machi.frontdesk.engine") / "data" / "answers_measured.json").read_text(encoding="utf-8")
    kept: dict[str, str] = json.loads(text)
    return kept
