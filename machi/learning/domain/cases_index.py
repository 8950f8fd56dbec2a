"""The consortium's own search index of its published cases, by the machinery of the front desks' (``language.index``).

It lies in the consortium's own folder and is a derived thing: each build compares what it holds with what is published
and applies the difference. Words are found as soon as a case is published; meaning when a worker has embedded it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import override
from django_tasks import task

from machi.base.domain.jobs import enqueue_once
from machi.base.models import Consortium, Municipality
from machi.base.scoping import in_consortium
from machi.language.embedding import default_embedder
from machi.language.index.store import MunicipalityIndex
from machi.learning.engine.cases_ranking import CaseText, case_of, entries
from machi.learning.models import Case

OPEN_INDEXES = 16


def folder(consortium: Consortium) -> Path:
    """The consortium's own place for files; nothing of another lies below it."""
    path: Path = settings.MACHI_HOME / "consortia" / str(consortium.pk)
    return path


@lru_cache(maxsize=OPEN_INDEXES)
def _open(path: str) -> MunicipalityIndex:
    return MunicipalityIndex(Path(path), default_embedder())


def index_of(consortium: Consortium) -> MunicipalityIndex:
    return _open(str(folder(consortium) / "cases"))


def changed(consortium: Consortium) -> None:
    """Call it in the transaction in which a case is published, changed or withdrawn."""
    pk = consortium.pk
    # Robust: a search index that is late must not undo what was decided; the job makes it good.
    transaction.on_commit(lambda: build(pk), robust=True)
    transaction.on_commit(lambda: enqueue_once(build_task, str(pk)), robust=True)


@task()
def build_task(pk: str) -> None:
    build(int(pk))
    # Embedding has a queue of its own, so that it keeps no town's documents waiting.
    enqueue_once(embed_task, pk)


@task(queue_name="embedding")
def embed_task(pk: str) -> None:
    embed(int(pk))


def build(pk: int) -> None:
    """Full text: afterwards exactly the published cases can be found."""
    consortium = Consortium.objects.get(pk=pk)
    index = index_of(consortium)
    held = index.snapshot().passages["passage_id"].tolist()
    stands = {one: case_of(one) for one in held}
    with in_consortium(consortium), override("ja"):
        published = Case.objects.filter(state=Case.State.PUBLISHED)
        wanted = set(published.values_list("pk", "revision"))
        missing = published.filter(pk__in=[key for key, _ in wanted - set(stands.values())]).select_related(
            "town"
        )
        add = [entry for case in missing for entry in entries(_text(case))]
    index.apply(add, [one for one, version in stands.items() if version not in wanted])


def embed(pk: int) -> int:
    """Vectors for whatever has none yet; returns for how many passages."""
    return index_of(Consortium.objects.get(pk=pk)).embed_missing()


def each_day(municipality: Municipality, consortium: Consortium) -> None:
    """Makes good what was missed; the same job for whichever town of the consortium comes first."""
    enqueue_once(build_task, str(consortium.pk))


def _text(case: Case) -> CaseText:
    """What is read by all is what is searched."""
    labels = (case.get_field_display(), case.get_tool_display(), case.system, case.town.name)
    way = "\n".join(part for part in (case.before, case.after, case.counted_how) if part)
    risk = "\n".join(part for part in (case.risk_checked, case.risk_result) if part)
    return CaseText(
        case.pk,
        case.revision,
        case.title,
        tuple(str(one) for one in labels if one),
        case.problem or "",
        way,
        risk,
    )
