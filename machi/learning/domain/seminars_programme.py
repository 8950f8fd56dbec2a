"""The programme of a seminar: sessions, who speaks, what is asked of people who register, what is handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.governance.domain.evidence import keep, stored
from machi.learning.domain import seminars_mail as mail
from machi.learning.domain.seminars import AHEAD, State
from machi.learning.domain.seminars_record import record_seminar
from machi.learning.domain.seminars_seats import locked
from machi.learning.engine.seminar_answers import MOST_CHOICES
from machi.learning.models import (
    Seminar,
    SeminarMaterial,
    SeminarQuestion,
    SeminarRegistration,
    SeminarSeats,
    SeminarSession,
    SeminarSpeaker,
    Way,
)

MOST_SESSIONS, MOST_SPEAKERS, MOST_QUESTIONS, MOST_MATERIALS = 60, 60, 20, 40


@transaction.atomic
def put_speaker(
    seminar: Seminar, person: Person, given: Mapping[str, Any], speaker: SeminarSpeaker | None = None
) -> SeminarSpeaker:
    """Adds, or changes ``speaker``. Taking the consent away hides name and biography at once, also once published."""
    current = _open(seminar)
    if speaker is None and current.speakers.count() >= MOST_SPEAKERS:
        raise Refused(_("登壇者は%(most)s人までです。") % {"most": MOST_SPEAKERS})
    row = speaker or SeminarSpeaker(consortium=current.consortium, seminar=current)
    for name in ("name", "belongs", "biography", "consented_on"):
        setattr(row, name, given[name])
    if current.state != State.DRAFT and row.consented_on is None and speaker is None:
        raise Refused(_("公開したあとに加えるときは、掲載の同意の日が必要です。"), "consented_on")
    row.save()
    record_seminar(current, person, "speaker", speaker=row.pk, consented=row.consented_on is not None)
    return row


@transaction.atomic
def remove_speaker(speaker: SeminarSpeaker, person: Person) -> None:
    """At any time: whoever spoke may want to stand there no more."""
    current, pk = locked(speaker.seminar), speaker.pk
    speaker.delete()
    record_seminar(current, person, "remove_speaker", speaker=pk)


@transaction.atomic
def put_session(
    seminar: Seminar, person: Person, given: Mapping[str, Any], session: SeminarSession | None = None
) -> SeminarSession:
    """``given``: the fields of a session, ``capacity`` (None: no limit) and ``speakers``."""
    current = _open(seminar)
    if session is None and current.sessions.count() >= MOST_SESSIONS:
        raise Refused(_("セッションは%(most)s個までです。") % {"most": MOST_SESSIONS})
    if given["ends_at"] <= given["starts_at"]:
        raise Refused(_("終わりは、始まりより後にしてください。"), "ends_at")
    if given["starts_at"] < current.starts_at or given["ends_at"] > current.ends_at:
        raise Refused(_("セミナーの時間の中に入れてください。"), "starts_at")
    row = session or SeminarSession(consortium=current.consortium, seminar=current)
    for name in ("title", "title_en", "about", "starts_at", "ends_at", "room", "chosen"):
        setattr(row, name, given[name])
    if session is not None and not row.chosen and session.choices.exists():
        raise Refused(_("もう選んだ人がいるので、選ばないセッションには変えられません。"), "chosen")
    row.save()
    row.speakers.set(given["speakers"])
    _set_capacity(row, given["capacity"] if row.chosen else None)
    record_seminar(current, person, "session", session=row.pk, capacity=given["capacity"])
    return row


@transaction.atomic
def remove_session(session: SeminarSession, person: Person) -> None:
    current, pk = _open(session.seminar), session.pk
    if session.choices.exists():
        raise Refused(_("もう選んだ人がいるので、消せません。"))
    session.delete()
    record_seminar(current, person, "remove_session", session=pk)


@transaction.atomic
def put_question(
    seminar: Seminar, person: Person, given: Mapping[str, Any], question: SeminarQuestion | None = None
) -> SeminarQuestion:
    """Refused for one that somebody has answered: an answer stays an answer to what was asked."""
    current = _open(seminar)
    if question is None and current.questions.count() >= MOST_QUESTIONS:
        raise Refused(_("質問は%(most)s個までです。") % {"most": MOST_QUESTIONS})
    if question is not None:
        _ensure_unanswered(current)
    choices: Sequence[str] = given["choices"]
    if given["kind"] in (SeminarQuestion.Kind.ONE, SeminarQuestion.Kind.SOME):
        if not 2 <= len(set(choices)) <= MOST_CHOICES or len(set(choices)) != len(choices):
            raise Refused(
                _("選択肢を、1行に1つ、2個から%(most)s個まで書いてください。同じものは書けません。")
                % {"most": MOST_CHOICES},
                "choices",
            )
    else:
        choices = []
    row = question or SeminarQuestion(consortium=current.consortium, seminar=current)
    for name in ("label", "label_en", "kind", "required"):
        setattr(row, name, given[name])
    row.choices = list(choices)
    row.save()
    record_seminar(current, person, "question", question=row.pk)
    return row


@transaction.atomic
def remove_question(question: SeminarQuestion, person: Person) -> None:
    current, pk = _open(question.seminar), question.pk
    _ensure_unanswered(current)
    question.delete()
    record_seminar(current, person, "remove_question", question=pk)


@transaction.atomic
def add_material(seminar: Seminar, person: Person, title: str, name: str, data: bytes) -> SeminarMaterial:
    """Refused for what is too large or is not what its name says (``governance.domain.evidence``)."""
    current = locked(seminar)
    if current.materials.count() >= MOST_MATERIALS:
        raise Refused(_("資料は%(most)s個までです。") % {"most": MOST_MATERIALS})
    kept = keep(current.municipality, name, data)
    row = SeminarMaterial.objects.create(
        consortium=current.consortium,
        seminar=current,
        title=title.strip(),
        name=kept.name,
        digest=kept.digest,
        size=kept.size,
        kind=kept.kind,
    )
    record_seminar(current, person, "material", sha256=kept.digest, size=kept.size)
    return row


@transaction.atomic
def remove_material(material: SeminarMaterial, person: Person) -> None:
    current, sha256 = locked(material.seminar), material.digest
    material.delete()
    record_seminar(current, person, "remove_material", sha256=sha256)


@transaction.atomic
def publish_materials(seminar: Seminar, person: Person) -> int:
    """Everybody may read them from now on; whoever had a seat is told. How many letters."""
    current = locked(seminar)
    if current.state not in (State.HELD, State.REPORTED):
        raise Refused(_("資料は、開催したあとに公開できます。"))
    if not current.materials.exists():
        raise Refused(_("資料がまだありません。"))
    current.materials_at = timezone.now()
    current.save(update_fields=["materials_at"])
    record_seminar(current, person, "publish_materials", number=current.materials.count())
    seated = current.registrations.filter(state=SeminarRegistration.State.CONFIRMED)
    return mail.queue(seated, "materials")


def path_of(material: SeminarMaterial) -> Path:
    return stored(material.seminar.municipality, material.digest)


def _open(seminar: Seminar) -> Seminar:
    current = locked(seminar)
    if current.state not in AHEAD:
        raise Refused(_("終わったか中止したセミナーは、直せません。"))
    return current


def _ensure_unanswered(seminar: Seminar) -> None:
    if seminar.last_number:
        raise Refused(_("もう申し込みがあるので、質問は変えられません。新しい質問は加えられます。"))


def _set_capacity(session: SeminarSession, capacity: int | None) -> None:
    seats = SeminarSeats.objects.select_for_update(of=("self",)).filter(session=session).first()
    if seats is None:
        if capacity is not None:
            taken = session.choices.filter(seated=True, registration__way=Way.ON_SITE).count()
            _ensure_enough(capacity, taken)
            SeminarSeats.objects.create(
                consortium=session.consortium,
                seminar=session.seminar,
                session=session,
                way=Way.ON_SITE,
                capacity=capacity,
                taken=taken,
            )
        return
    if capacity is not None:
        _ensure_enough(capacity, seats.taken)
    seats.capacity = capacity
    seats.save(update_fields=["capacity"])


def _ensure_enough(capacity: int, taken: int) -> None:
    if capacity < taken:
        raise Refused(_("定員は、もう選んだ%(taken)s人より少なくできません。") % {"taken": taken}, "capacity")
