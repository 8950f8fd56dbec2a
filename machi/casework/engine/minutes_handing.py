"""The ways in which meetings hand out work, as one feature each: asked with a day, asked and taken on, promised by
who was asked; and what only looks like it: calls of procedure, what is told of the past."""

from __future__ import annotations

from collections.abc import Set

from machi.casework.engine.minutes_meeting import Sentence

_ASK = frozenset(
    {
        *(
            "ask_te",
            "ask_kudasai",
            "ask_kureru",
            "ask_moraeru",
            "ask_dialect",
            "ask_imperative",
            "ask_tanomu",
        ),
        *("ask_have", "ask_youni", "ask_must", "must"),
    }
)
_ASK_SOFTLY = frozenset(
    {
        *("ask_can_when", "ask_left", "give_to", "due_end", "ask_moraeru_if", "ask_onegai", "propose_mashou"),
        *("propose_hou", "propose_will", "ask_hoshii"),
    }
)
_COMMIT = frozenset(
    {
        *(
            "do_masu",
            "do_plain",
            "do_oku",
            "do_dialect",
            "do_yaru",
            "do_sasete",
            "do_intend",
            "do_can",
            "do_offer",
        ),
        *("do_rule", "do_tai"),
    }
)
_TOLD = frozenset({"past", "teiru", "hearsay", "already", "not", "will_be"})
_PROCEDURE = frozenset({"quoted", "order", "any_else", "close", "thanks"})


def ways(has: Set[str], one: Sentence) -> set[str]:
    named = set(one.cues)
    day = bool(has & {"due", "day", "due behind"})
    answered = bool(has & {"taken", "promised after"})
    told = bool(named & _TOLD)
    due = bool(has & {"due", "due behind"})
    procedure = bool(named & _PROCEDURE) and not due
    heard = procedure or ("long answer" in has and not due)
    found = set()
    if named & _ASK and not heard:
        found.add("way asked")
        if day:
            found.add("way asked day")
        if answered:
            found.add("way asked taken")
        if "named" in has:
            found.add("way asked named")
    elif named & _ASK_SOFTLY and not heard and not told:
        found.add("way soft")
        if "due" in has:
            found.add("way soft day")
        if day and answered:
            found.add("way soft day taken")
        if "named" in has and (day or answered):
            found.add("way soft named")
    if named & _COMMIT and not told and not procedure:
        found.add("way promised")
        if due:
            found.add("way promised day")
        elif "day" in has:
            found.add("way promised on day")
        if "ga_subject" in named and "self" not in named and "named" not in has:
            found.add("way happens")
        if "self" in named:
            found.add("way promised self")
        if has & {"asked before", "question before"}:
            found.add("way promised asked")
        if "named" in has:
            found.add("way promised for")
        if "thanked after" in has:
            found.add("way promised thanked")
        if "question" in named and not named & _ASK:
            found.add("way promise questioned")
    if "way formal" in has and not day and not named & _ASK and "self" not in named:
        found.add("way settled")
    if "do_oku" in named and not told:
        found.add("way kept")
    if (
        "due" in has
        and not named & (_ASK | _COMMIT | _ASK_SOFTLY)
        and not told
        and len(one.said.text) < _FRAGMENT
    ):
        found.add("way only day")
    if has & {"due", "day"} and "short" in has and has & {"asked before", "question before"} and not told:
        found.add("way day answered")
    if (procedure and has & {"act request", "act promise"}) or (heard and "act request" in has):
        found.add("way procedure")
    if told and has & {"act request", "act promise"}:
        found.add("way told")
    return found


def asks(one: Sentence) -> bool:
    """Is another asked to do it? Else who speaks takes it on."""
    named = one.cues.keys()
    if "ask_onegai" in named and "self" not in named:
        return True
    return bool(named & _ASK) or (bool(named & _ASK_SOFTLY) and not named & _COMMIT - {"do_masu", "do_can"})


_FRAGMENT = 30
"""Characters up to which a sentence without a verb says who and until when: 議事録、来週の火曜までに。"""
