"""Letters of casework: a procedure's words filled with an application's facts, as ``base.engine.letters.Letter``.

The instructions on remedies (教示) that the law wants with every refusal say to whom a request for review goes:
Administrative Appeal Act, art. 82; Administrative Case Litigation Act, art. 46.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from machi.base.engine.letters import Block, Bullets, Heading, Letter
from machi.base.engine.wareki import wareki
from machi.casework.engine.procedures import Appeal, LetterKind, Procedure


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What a letter may speak of. Days are written in eras; what is empty is left out where it stands alone."""

    applicant: str
    reference: str
    received: date
    on: date
    """The letter's own day."""
    town: str
    """As in 厚木市."""
    mayor: str
    """The sender: 厚木市長　山田 太郎."""
    prefecture: str = ""
    office: str = ""
    contact: str = ""
    number: str = ""
    """The letter's own (第12号)."""
    due: date | None = None
    decided: date | None = None
    decision: str = ""
    items: Sequence[str] = ()
    """What is to be amended."""
    reasons: Sequence[str] = ()
    conditions: Sequence[str] = ()
    note: str = ""
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What stands in the application, in words, by field: ``{field:park_name}``."""


class _Fields:
    """Fills ``{field:park_name}``; what is not there is empty."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __format__(self, key: str) -> str:
        return self._words.get(key, "")


class LetterError(ValueError):
    """A letter without what it must say: ``missing`` is the fact's name."""

    def __init__(self, missing: str) -> None:
        super().__init__(f"the letter lacks its {missing}")
        self.missing = missing


def letter(procedure: Procedure, kind: LetterKind, facts: Facts) -> Letter:
    """Raises ``LetterError``: a refusal without a reason, a request for amendment without items or a day."""
    _complete(kind, facts)
    text = procedure.letters[kind]
    words = _words(procedure, facts)
    return Letter(
        subject=text.subject.format(**words),
        body=[block for line in text.body for block in _blocks(line, procedure, facts, words)],
        number=facts.number,
        on=facts.on,
        to=f"{facts.applicant}　様",
        sender=facts.mayor,
        particulars=[
            (name.format(**words), filled)
            for name, value in text.particulars
            if (filled := value.format(**words))
        ],
        contact="　".join(filter(None, (facts.office, facts.contact))),
        note=facts.note,
    )


def _complete(kind: LetterKind, facts: Facts) -> None:
    wanted = {
        "receipt": ("due",),
        "amendment": ("items", "due"),
        "approval": ("decided",),
        "refusal": ("reasons", "decided"),
    }[kind]
    for name in wanted:
        value = getattr(facts, name)
        if not value or (isinstance(value, list | tuple) and not any(one.strip() for one in value)):
            raise LetterError(name)


def _words(procedure: Procedure, facts: Facts) -> dict[str, object]:
    return {
        "field": _Fields(facts.fields),
        "title": procedure.about.title,
        "applicant": facts.applicant,
        "reference": facts.reference,
        "received": wareki(facts.received),
        "town": facts.town,
        "mayor": facts.mayor,
        "office": facts.office,
        "contact": facts.contact,
        "due": wareki(facts.due) if facts.due else "",
        "decided": wareki(facts.decided) if facts.decided else "",
        "decision": facts.decision,
    }


def _blocks(line: str, procedure: Procedure, facts: Facts, words: dict[str, object]) -> Iterator[Block]:
    lists = {"{items}": facts.items, "{reasons}": facts.reasons, "{conditions}": facts.conditions}
    if line in lists:
        if found := [one.strip() for one in lists[line] if one.strip()]:
            yield Bullets(found)
    elif line == "{appeal}":
        yield Heading("この決定に不服があるとき")
        yield from remedies(procedure.about.appeal, facts.town, facts.prefecture)
    else:
        yield line.format(**words)


def remedies(appeal: Appeal, town: str, prefecture: str = "") -> tuple[str, ...]:
    """The instructions on a request for review and on a suit, in our own words. ValueError without a prefecture where
    the governor is the one to ask."""
    if appeal == "prefecture" and not prefecture:
        raise ValueError("the governor of which prefecture?")
    to = f"{prefecture}知事" if appeal == "prefecture" else f"{town}長"
    return (
        f"この決定に不服があるときは、この決定があったことを知った日の翌日から起算して3か月以内に、{to}に対して審査請求を"
        "することができます。ただし、決定の日の翌日から起算して1年を経過すると、正当な理由がある場合を除き、審査請求をする"
        "ことができなくなります（行政不服審査法第18条）。",
        f"この決定の取消しの訴えは、この決定があったことを知った日の翌日から起算して6か月以内に、{town}を被告として"
        f"（訴訟で{town}を代表する者は{town}長です。）提起することができます。ただし、決定の日の翌日から起算して1年を経過すると、"
        "正当な理由がある場合を除き、提起することができなくなります（行政事件訴訟法第14条）。",
        "審査請求をしたときは、取消しの訴えは、審査請求に対する裁決があったことを知った日の翌日から起算して6か月以内に提起する"
        "ことができます。",
    )
