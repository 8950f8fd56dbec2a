"""The ways in which meetings settle things, as one feature each: in so many words, put to the others who agree, summed
up by それで or では…で, ruled by who has the say. And what follows: which sentences speak of the same matter."""

from __future__ import annotations

from collections.abc import Sequence, Set

from machi.casework.engine.minutes_meeting import Meeting, Sentence

SAYS = 16
"""Characters from which a sentence says of what it speaks."""
_SAME_VOTE = 2
"""Things said in both of two votes on the same."""
_ASSENTING = frozenset({"allow", "allow_said", "settle_igi", "settle_yoroshii", "stop", "so"})
"""Cues that are in an assent as well."""
_FORMAL = frozenset({"settle_verb", "settle_kimaru", "settle_koto", "settle_end"})
_ENDING = frozenset(
    {
        *(
            "settle_to_suru",
            "settle_de",
            "settle_koto_de",
            "settle_toru",
            "settle_to_shimasho",
            "settle_iku",
            "allow",
            "allow_said",
        ),
        *("stop", "propose_mashou", "settle_fragment"),
    }
)
_CONTENT = _ENDING - {"allow", "allow_said", "settle_de", "settle_fragment"}
PUT = frozenset({"settle_yoroshii", "settle_igi", "propose_ikaga", "propose_consent", "put_said"})
"""Puts it to the others: よろしいですか."""
_OPENS = frozenset({"item_number", "item_next", "item_numbered"})
_CALLS = frozenset({"close", "item_report", "item_topic", "item_moving", "order"})
"""では、事務局から。 では始めます。"""
_NO_MATTER = frozenset({"any_else", "thanks", "hearsay", "already", "close", "as_item", "denied", "refuse"})


def ways(has: Set[str], one: Sentence, found: Meeting) -> set[str]:
    """How meetings settle things, each way as one feature."""
    told = set()
    named = set(one.cues)
    agreed = ("assent after" in has or "taken" in has) and "object after" not in has
    behind = found.after(one)
    alone = found.before(one) is None and len(one.said.text) < SAYS
    put = bool(named & PUT)
    put_behind = behind is not None and bool(set(behind.cues) & PUT) and "any_else" not in behind.cues
    # To put it off is settled as well, where that is put to the others and they agree.
    postponed = put and agreed and bool(named & {"settle_koto_de", "stop", "so"})
    # So it is where the chair says it at the end: では議案2号は保留。
    postponed |= {"stop", "hold", "so"} <= named and "chair" in has and "question" not in named
    open_ = ("act hold" in has and not postponed) or "else in turn" in has
    if named & _FORMAL and ("act hold" not in has or postponed) and named.isdisjoint({"question", "denied"}):
        told.add("way formal")
    if (
        ("settle_sou" in named or ("settle_so" in named and agreed))
        and has & {"proposed before", "assent before", "proposed in turn"}
        and "question" not in named
    ):
        told.add("way sou")
    if (
        "so" in named
        and named & _ENDING
        and not open_
        and "act request" not in has
        and named.isdisjoint(_CALLS)
    ):
        told.add("way so" if "self" not in named else "way so self")
        if has & {"proposed before", "assent before"}:
            told.add("way so followed")
    # よろしいですか。では日程第2、… asks whether the last was all.
    goes_on = alone and behind is not None and bool(set(behind.cues) & _OPENS)
    if put and not open_ and not goes_on and "thanks" not in named:
        told.add("way put agreed" if agreed else "way put")
        if len(one.said.text) >= SAYS:
            told.add("way put content")
    if put_behind and named & (_ENDING | {"propose_an", "do_plain"}):
        told.add("way put behind")
    if "chair" in has and {"so", "do_masu"} <= named and has & {"assent before", "proposed before"}:
        told.add("way chair does")
    if named & _CONTENT and not put and named.isdisjoint({"so", "teiru"}) and not open_:
        told.add("way ending agreed" if agreed else "way ending")
        if "chair" in has:
            told.add("way ending chair")
            if named & {"settle_to_suru", "settle_toru", "stop"} and named.isdisjoint(
                {"question", "past", "think"}
            ):
                told.add("way declared")
    if (
        has & {"propose_hou", "propose_mashou", "propose_an", "propose_tai", "propose_will", "settle_iku"}
        and agreed
        and not put
    ):
        told.add("way proposal agreed")
    if (
        named & {"allow", "allow_said", "stop", "settle_de", "settle_iku"}
        and "proposed before" in has
        and "question" not in named
    ):
        told.add("way answer" if not open_ else "way answer open")
    if (
        named & {"allow", "allow_said", "stop"}
        and "item soon" in has
        and not open_
        and named.isdisjoint({"question", "teiru"})
        and not ("think" in named and "stop" in named)
    ):
        told.add("way ruling")
    if (
        "settle_de" in named
        and "item soon" in has
        and agreed
        and not put
        and not open_
        and "question" not in named
    ):
        told.add("way ruling")
    if "stop" in named and has & {"question before", "asked before"} and "first" in named:
        told.add("way answer")
    if "summed up after" in has and "act settle" in has | {f"act {act}" for act in one.acts}:
        told.add("way summed up")
    if open_ and "way formal" not in told and has & {"act settle", "act propose"}:
        told.add("way open")
    vain = set(_NO_MATTER)
    if "way formal" in told:
        vain.discard("any_else")
    if named.isdisjoint({"past", "teiru"}):
        vain.discard("already")  # もうやめよう
    if named & vain and has & {
        "act settle",
        "act propose",
    }:
        told.add("way no matter")
    if "self" in named and "do_masu" in named:
        told.add("way promise")
    if "past" in named and has & {"act settle"} and named.isdisjoint(_FORMAL):
        told.add("way told")
    return told


def only_assents(one: Sentence) -> bool:
    """異議なし, いいですよ: it agrees, and says nothing of what."""
    if "question" in one.cues:
        return False
    telling = {name for name, cue in one.cues.items() if cue.act in ("settle", "propose")}
    return bool({"assent", "accept"} & set(one.cues)) and len(one.said.text) < SAYS and telling <= _ASSENTING


def settles(one: Sentence) -> bool:
    """In so many words, or put to the others."""
    return bool(set(one.cues) & (_FORMAL | PUT))


def is_final(one: Sentence) -> bool:
    """Nothing more is to be said of the matter."""
    return bool(one.features.get("decisions", frozenset()) & {"way formal", "way sou", "way so"})


def another_matter(group: Sequence[Sentence], one: Sentence) -> bool:
    """Does ``one`` speak of something else than ``group``, which has been settled?"""
    told_of = {thing for other in group for thing in other.things}
    if is_formal(one) and any(is_formal(other) for other in group):
        # One vote, then the next; unless the committee's is reported and then followed.
        return len(one.things & told_of) < _SAME_VOTE
    if len(one.said.text) < SAYS or "settle_sou" in one.cues:
        return False
    return not one.things & told_of


def is_formal(one: Sentence) -> bool:
    """Settled in so many words: 可決されました, することに決まりました."""
    return "way formal" in one.features.get("decisions", frozenset())
