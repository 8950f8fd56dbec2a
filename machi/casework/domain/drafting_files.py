"""A draft as a letter (Word, PDF) and as Markdown. What nobody has confirmed says so, on top and in each file."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.engine.letters import Block, Bullets, Heading, Letter, TableBlock
from machi.casework.domain.drafting_edit import body
from machi.casework.domain.drafting_words import CHANGES, PARTS
from machi.casework.engine.draft_pieces import Body, Piece, Place, mark, paragraphs
from machi.casework.engine.draft_templates import filled, read
from machi.casework.models import Draft

State = Draft.State


def label(draft: Draft) -> str:
    """What stands on top of it until a person has confirmed it; empty after."""
    if draft.state == State.CONFIRMED:
        return ""
    made = {
        Draft.Work.SUMMARY: _("【AIが抜き出した要約・職員の確認前】"),
        Draft.Work.MINUTES: _("【AIが作った会議の記録の案・職員の確認前】"),
        Draft.Work.TRANSCRIPT: _("【音声認識による文字起こし・職員の確認前】"),
    }
    return made.get(Draft.Work(draft.work), _("【AIが作成した下書き・職員の確認前】"))


def note(draft: Draft) -> str:
    """At the end, in small letters: how it came to be."""
    if draft.state == State.CONFIRMED:
        return ""
    if draft.work == Draft.Work.TRANSCRIPT:
        return _(
            "音声認識（%(model)s）が録音から書いたもので、聞き間違いがあります。machi 第%(number)s版"
        ) % {"model": draft.model, "number": draft.number}
    how = (
        _("言語モデル（%(model)s）が町の資料から書き、一文ずつ資料と照らした下書きです。")
        % {"model": draft.model}
        if draft.by_model
        else _("AI（機械）が資料から抜き出すか、規則で書きかえたものです。")
    )
    return how + _("「出典なし」の文は、資料で確かめられていません。machi 第%(number)s版") % {
        "number": draft.number
    }


def letter(draft: Draft, *, with_sources: bool = False) -> Letter:
    """As its template sets it. Sources are numbered in it where asked for, and always until it is confirmed."""
    found = body(draft)
    shown = _with_sources(draft, with_sources)
    numbers = _numbers(found.pieces) if shown else {}
    blocks: list[Block] = [label(draft)] if label(draft) else []
    for group in paragraphs(found.pieces):
        text = "".join(_told(one, numbers, shown=shown) for one in group)
        match group[0].role:
            case "heading":
                blocks.append(Heading(text))
            case "item" if blocks and isinstance(blocks[-1], Bullets):
                blocks[-1] = Bullets([*blocks[-1].items, text])
            case "item":
                blocks.append(Bullets([text]))
            case _:
                blocks.append(text)
    if numbers:
        rows = [[str(number), place.title, where(draft, place)] for place, number in numbers.items()]
        blocks.append(TableBlock(_("出典"), [_("番号"), _("資料"), _("場所")], rows))
    if found.changes:
        blocks.append(_changes(found))
    parts = letter_parts(draft)
    return Letter(
        subject=parts.get("subject") or draft.title,
        body=blocks,
        number=parts.get("number", ""),
        on=timezone.localdate(draft.changed_at) if draft.work == Draft.Work.DRAFT else None,
        to=parts.get("to", ""),
        sender=parts.get("sender", ""),
        contact=parts.get("contact", ""),
        note=note(draft),
    )


def markdown(draft: Draft, *, with_sources: bool = False) -> str:
    found = body(draft)
    shown = _with_sources(draft, with_sources)
    numbers = _numbers(found.pieces) if shown else {}
    lines = [f"# {_plain(draft.title)}", ""]
    if label(draft):
        lines += [f"**{label(draft)}**", ""]
    parts = [(name, letter_parts(draft).get(key, "")) for key, name in PARTS.items()]
    if told := [f"- {_(name)}：{_plain(text)}" for name, text in parts if text]:
        lines += [*told, ""]
    for group in paragraphs(found.pieces):
        text = "".join(_plain(_told(one, numbers, shown=shown)) for one in group)
        lead = {"heading": "## ", "item": "- ", "sentence": ""}[group[0].role]
        lines += [f"{lead}{text}", *([] if group[0].role == "item" else [""])]
    if numbers:
        lines += ["", f"## {_('出典')}", ""]
        lines += [f"{n}. {_plain(place.title)}（{where(draft, place)}）" for place, n in numbers.items()]
    if note(draft):
        lines += ["", f"*{_plain(note(draft))}*"]
    return "\n".join(lines).strip() + "\n"


def _with_sources(draft: Draft, asked: bool) -> bool:
    """Of a transcript never: each line has its time, and its source is the line itself before it was corrected."""
    return draft.work != Draft.Work.TRANSCRIPT and (asked or draft.state != State.CONFIRMED)


def _numbers(pieces: Sequence[Piece]) -> dict[Place, int]:
    places = dict.fromkeys(one.place for one in pieces if one.place is not None)
    return {place: number for number, place in enumerate(places, 1)}


def _told(piece: Piece, numbers: dict[Place, int], *, shown: bool) -> str:
    if not shown or piece.role == "heading":
        return piece.text
    if piece.place is not None:
        return f"{piece.text}［{numbers[piece.place]}］"
    return f"{piece.text}［{_('出典なし')}］" if mark(piece) == "none" else piece.text


def where(draft: Draft, place: Place) -> str:
    """Where it stands, for a reader of the file: the line of a text handed in, else characters of the document."""
    if place.kind == "given" and draft.given is not None and draft.given.text:
        first, last = (draft.given.text.count("\n", 0, one) + 1 for one in (place.start, place.end))
        lines = {"first": first, "last": last}
        return _("%(first)s行目") % lines if first == last else _("%(first)s〜%(last)s行目") % lines
    return _("%(start)s〜%(end)s文字目") % {"start": place.start + 1, "end": place.end}


def _changes(found: Body) -> TableBlock:
    rows = [[str(_(CHANGES[one.why])), one.before, one.after or "—"] for one in found.changes]
    return TableBlock(_("書きかえたところ"), [_("理由"), _("前"), _("後")], rows)


def letter_parts(draft: Draft) -> dict[str, str]:
    """Subject, addressee, sender, number, contact: as far as the template has them and they were filled in."""
    if not draft.template_text:
        return {}
    values = json.loads(draft.asked)
    return {name: filled(text, values) for name, text in read(draft.template_text).letter.items()}


def _plain(text: str) -> str:
    """Words of people and of documents are no Markdown."""
    return "".join(f"\\{one}" if one in "\\`*_[]<>#|" else one for one in text.replace("\n", " "))
