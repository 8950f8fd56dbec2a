"""Recordings of meetings become transcripts: an AI system of its own, whose lines a person corrects and confirms.

Only then are minutes made of them. Who spoke is not told apart; names are put in by the person. The recording itself
is deleted as soon as it is written down, or found not to be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.running import NotApproved, ensure_may_run
from machi.casework.domain import drafting, recordings
from machi.casework.domain.drafting_edit import body
from machi.casework.domain.drafting_given import Readable, keep
from machi.casework.domain.recording_words import gaps, refusal
from machi.casework.engine import speech_models
from machi.casework.engine.draft_pieces import Body, Piece, as_text
from machi.casework.engine.speech_isolated import LIMITS, hear, look
from machi.casework.engine.speech_lines import without_marks, written
from machi.casework.engine.speech_models import SpeechModel
from machi.casework.engine.speech_types import Heard, Language, NotHeard
from machi.casework.models import Draft, Recording

TRANSCRIBE = "casework.transcribe"
LARGEST, LONGEST_HOURS = LIMITS.size, LIMITS.seconds // 3600


def the_model() -> SpeechModel:
    """The weights that this site has. NotHeard where there are none, or the extra is not installed."""
    return speech_models.find(settings.MACHI_SPEECH_MODEL)


def start_transcript(
    municipality: Municipality,
    person: Person,
    *,
    data: Callable[[], Iterable[bytes]],
    title: str,
    held_on: date,
    language: Language,
) -> Draft:
    """Takes a recording and leaves it to a job. ``data`` gives its bytes in pieces, as often as it is called. Call it
    outside a transaction. Refused, with the reason, where it is no recording that can be heard, or the language is none
    that the model knows; NotApproved where the system may not run."""
    from machi.casework.domain.drafting_jobs import enqueue

    draft = take(municipality, person, data=data, title=title, held_on=held_on, language=language)
    with transaction.atomic():
        enqueue(draft)
    return draft


def take(
    municipality: Municipality,
    person: Person,
    *,
    data: Callable[[], Iterable[bytes]],
    title: str,
    held_on: date,
    language: Language,
) -> Draft:
    """As ``start_transcript``, for a caller that writes it down itself."""
    ensure_may_run(municipality, TRANSCRIBE)
    if not title.strip():
        raise Refused(_("会議の名前を入力してください。"), field="title")
    try:
        if language not in the_model().languages:
            raise NotHeard("language", language=language)
        look(_bounded(data()))
    except NotHeard as refused:
        field = "language" if refused.key == "language" else "file"
        raise Refused(refusal(refused), field=field) from None
    with transaction.atomic():
        draft = Draft.objects.create(
            municipality=municipality,
            work=Draft.Work.TRANSCRIPT,
            state=Draft.State.WAITING,
            title=_("%(name)sの文字起こし") % {"name": title.strip()[:280]},
            asked=json.dumps(
                {"held_on": held_on.isoformat(), "name": title.strip(), "language": language},
                ensure_ascii=False,
            ),
            made_by=person,
        )
        recordings.keep(draft, data())
    return draft


def write_down(
    draft: Draft, person: Person | None, report: Callable[[int, int], None] = lambda done, total: None
) -> Draft:
    """Listens to the recording and stores the transcript; once made, nothing more happens. ``report`` is told the
    seconds done and those there are. Whatever comes of it, the recording is gone afterwards, unless the process dies.
    NotApproved where the system may not run any more."""
    if draft.number:
        return draft
    with override("ja"):
        try:
            ensure_may_run(draft.municipality, TRANSCRIBE)
            return _heard(draft, person, report)
        except NotHeard as refused:
            return fail(draft, refusal(refused))
        except NotApproved as refused:
            fail(draft, str(refused.message))
            raise
        except Exception:
            fail(draft, "")
            raise


@transaction.atomic
def fail(draft: Draft, reason: str) -> Draft:
    """Nothing will come of it: says why, and removes the recording. Only what still waits."""
    Draft.objects.filter(pk=draft.pk, state=Draft.State.WAITING).update(
        state=Draft.State.FAILED, reason=reason[:300]
    )
    recordings.remove(draft)
    return Draft.objects.filter(pk=draft.pk).first() or draft  # it may have been erased meanwhile


def minutes_of(draft: Draft, person: Person) -> Draft:
    """Minutes of a transcript that a person has confirmed, by the way of every other transcript."""
    if draft.work != Draft.Work.TRANSCRIPT or draft.state != Draft.State.CONFIRMED:
        raise Refused(_("文字起こしを直して確認してから、会議の記録を作ってください。"))
    asked = json.loads(draft.asked)
    text = without_marks(as_text(body(draft).pieces))
    given = Readable(draft.title, "transcript", hashlib.sha256(text.encode()).hexdigest(), text)
    return drafting.start_minutes(
        draft.municipality,
        person,
        given=given,
        title=asked["name"],
        held_on=date.fromisoformat(asked["held_on"]),
    )


def each_day(municipality: Municipality) -> None:
    """Removes recordings that waited too long, and what a killed process left."""
    now = timezone.now()
    for draft in recordings.expired(now):
        with override("ja"):
            fail(
                draft,
                _("%(days)s日のあいだ文字にできなかったため、録音を消しました。もう一度渡してください。")
                % {"days": recordings.KEPT.days},
            )
    recordings.sweep(municipality, now)


def _heard(draft: Draft, person: Person | None, report: Callable[[int, int], None]) -> Draft:
    recording = Recording.objects.filter(draft=draft).first()
    if recording is None:
        raise NotHeard("lost")
    model = the_model()
    language = json.loads(draft.asked)["language"]
    heard = hear(
        recordings.pieces(recording),
        model,
        language,
        threads=settings.MACHI_SPEECH_THREADS,
        report=lambda done, total: report(int(done), int(total)),
    )
    if not heard.lines:
        return fail(draft, _("録音から言葉が聞き取れませんでした。"))
    return _stored(draft, person, recording, heard, model, language)


@transaction.atomic
def _stored(
    draft: Draft, person: Person | None, recording: Recording, heard: Heard, model: SpeechModel, language: str
) -> Draft:
    held = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if held is None or held.number:
        return held or draft  # erased, or made by another, meanwhile
    lines = [written(one) for one in heard.lines]
    draft.given = keep(
        draft.municipality,
        person,
        Readable(draft.title, "speech", recording.digest, "\n".join(lines)),
    )
    draft.model, draft.reason = model.name[:120], gaps(heard.sound)[:300]
    at, start = drafting.place_in(draft), 0
    pieces = []
    for line in lines:
        pieces.append(Piece(line, "sentence", "heard", at(start, start + len(line)), begins=True))
        start += len(line) + 1
    made = drafting.stored(
        draft,
        Body(tuple(pieces)),
        person,
        system=TRANSCRIBE,
        kind=ledger.RESULT,
        outputs={
            "recording_sha256": recording.digest,
            "format": heard.sound.kind,
            "seconds": round(heard.sound.seconds),
            "language": language,
            "lines": len(lines),
            "unsure": sum(bool(one.unsure) for one in heard.lines),
            "damaged": heard.sound.damaged,
            "model": model.name,
            "weights_sha256": speech_models.digest(model),
            "parameters": dict(heard.parameters),
        },
        rests_on=[{"given": draft.given.pk}],
    )
    recordings.remove(draft)
    return made


def _bounded(data: Iterable[bytes]) -> Iterator[bytes]:
    """No more than may be handed in is read, whatever a caller sends."""
    size = 0
    for piece in data:
        size += len(piece)
        if size > LARGEST:
            raise NotHeard("too-large", megabytes=LARGEST // 1_000_000)
        yield piece
