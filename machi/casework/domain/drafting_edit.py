"""People edit drafts, go back to earlier versions, and confirm: only that takes the label off."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.casework.domain import drafting_sources as sources
from machi.casework.domain.drafting import place_in, text_of, to_check
from machi.casework.domain.drafting_templates import SYSTEM
from machi.casework.engine.draft_pieces import Body, Place, body_of, by_machine, edited
from machi.casework.engine.speech_lines import time_of
from machi.casework.models import Draft, DraftVersion
from machi.language.engine.claims import Source, check
from machi.language.engine.units import cached_units

LONGEST = 200_000
_MOST_GIVEN = 400
"""Units of a text handed in that a changed sentence is looked for in."""


def body(draft: Draft, number: int | None = None) -> Body:
    """Of the newest version, or of the one asked for; DraftVersion.DoesNotExist where there is none."""
    version = DraftVersion.objects.get(draft=draft, number=number or draft.number)
    return body_of(json.loads(version.body))


def edit(draft: Draft, person: Person, text: str, number: int) -> DraftVersion | None:
    """A new version with ``text``; None where nothing was changed. Refused where another has edited version
    ``number`` in the meantime, where nothing is left, and of a draft that is not made yet."""
    if len(text) > LONGEST:
        raise Refused(_("文章が長すぎます。"), field="text")
    with transaction.atomic():
        held = _held(draft)
        if held.number != number:
            raise Refused(
                _(
                    "ほかの人が先に書きかえました（第%(number)s版）。その版を見て、書きかえを入れ直してください。"
                )
                % {"number": held.number},
                field="text",
            )
        before = body(held)
        heard = held.work == Draft.Work.TRANSCRIPT
        pieces = edited(text, before.pieces, _finder(held), by_line=heard)
        if not pieces:
            raise Refused(_("文章がありません。"), field="text")
        if pieces == before.pieces:
            return None
        return _next(held, Body(pieces, before.dropped, before.changes), person, "edited")


def restore(draft: Draft, person: Person, number: int) -> DraftVersion:
    """An earlier version becomes the newest again; nothing in between is lost."""
    with transaction.atomic():
        held = _held(draft)
        if not 1 <= number < held.number:
            raise Refused(_("その版には戻せません。"))
        return _next(held, body(held, number), person, "restored")


@transaction.atomic
def confirm(draft: Draft, person: Person, number: int, *, unsourced_checked: bool) -> None:
    """A person has read version ``number`` and stands for it: its files carry no label any more."""
    held = _held(draft)
    if held.number != number:
        raise Refused(_("版が変わりました。新しい版を読んでから確認してください。"))
    if held.state == Draft.State.CONFIRMED:
        raise Refused(_("この版はもう確認済みです。"))
    if held.unsourced and not unsourced_checked:
        text = (
            _("聞き取りが不確かな行が%(count)sあります。確かめたことを示してください。")
            if held.work == Draft.Work.TRANSCRIPT
            else _("出典のない文が%(count)sあります。確かめたことを示してください。")
        )
        raise Refused(text % {"count": held.unsourced}, field="unsourced_checked")
    held.state, held.confirmed_by, held.confirmed_at = Draft.State.CONFIRMED, person, timezone.now()
    held.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    _record(held, person, "confirmed", {"version": number, "unsourced": held.unsourced})
    draft.refresh_from_db()


def _held(draft: Draft) -> Draft:
    """As it stands now, held until the transaction ends; Refused where there is nothing to work on."""
    held = Draft.objects.select_for_update(of=("self",)).select_related("given", "document").get(pk=draft.pk)
    if not held.number:
        raise Refused(_("まだ作成中です。"))
    return held


def _next(draft: Draft, new: Body, person: Person, action: str) -> DraftVersion:
    draft.number += 1
    draft.state, draft.confirmed_by, draft.confirmed_at = Draft.State.MADE, None, None
    draft.unsourced, draft.changed_at = to_check(draft, new.pieces), timezone.now()
    draft.save()
    data = new.as_data()
    version = DraftVersion.objects.create(
        municipality=draft.municipality,
        draft=draft,
        number=draft.number,
        body=json.dumps(data, ensure_ascii=False),
        person=person,
    )
    _record(
        draft,
        person,
        action,
        {
            "version": draft.number,
            "pieces": len(new.pieces),
            "by_machine": by_machine(new.pieces),
            "unsourced": draft.unsourced,
        },
        body=data,
    )
    return version


def _finder(draft: Draft) -> Callable[[str], Place | None]:
    """Looks for the source of a sentence that a person has changed: in what the draft was made from. Of a line of a
    transcript, that is the line of the same time."""
    if draft.work == Draft.Work.TRANSCRIPT:
        at, start = place_in(draft), 0
        times: dict[str, Place] = {}
        for line in text_of(draft).split("\n"):
            times.setdefault(time_of(line), at(start, start + len(line)))
            start += len(line) + 1
        return lambda sentence: times.get(time_of(sentence)) if time_of(sentence) else None
    if draft.given is not None or draft.document is not None:
        at = place_in(draft)
        units = [one for one in cached_units(text_of(draft)) if not one.is_heading][:_MOST_GIVEN]
        given = [Source(number, one.text) for number, one in enumerate(units)]

        def in_text(sentence: str) -> Place | None:
            judged = check(sentence, given) if given else ()
            if len(judged) != 1 or not judged[0].kept or judged[0].source is None:
                return None
            unit = units[judged[0].source]
            return at(unit.start, unit.end)

        return in_text
    passages = sources.in_use(draft.passages)
    claimed = sources.claimed(list(passages.values()))
    return lambda sentence: sources.place_of(sentence, claimed, passages)


def _record(
    draft: Draft, person: Person, action: str, outputs: dict[str, Any], body: dict[str, Any] | None = None
) -> None:
    ledger.record(
        draft.municipality,
        system=SYSTEM,
        kind="drafting",
        subject=f"draft:{draft.pk}",
        actor=person,
        inputs={"body": body} if body else {},
        outputs={"action": action, "work": draft.work, **outputs},
    )
