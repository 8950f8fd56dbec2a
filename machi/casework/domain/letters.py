"""Letters to applicants: written once when a person rules, kept as written, set as PDF and Word whenever asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from django.utils import timezone

from machi.base.engine.letters import Bullets, Heading, Letter, Picture
from machi.base.engine.qr import qr_svg
from machi.base.engine.wareki import wareki
from machi.casework.domain.links import status_url
from machi.casework.domain.procedure_data import data_of, options_of
from machi.casework.engine.checking_rules import Duplicate
from machi.casework.engine.letters import Facts, letter, remedies
from machi.casework.engine.procedures import LetterKind
from machi.casework.models import Application, CaseLetter, CheckResult, Procedure, Ruling

_KINDS: dict[str, LetterKind] = {
    Ruling.Kind.APPROVE: "approval",
    Ruling.Kind.STRAIGHT: "approval",
    Ruling.Kind.REFUSE: "refusal",
    Ruling.Kind.AMEND: "amendment",
}

_NOTES: dict[str, str] = {
    Ruling.Kind.STRAIGHT: "書類の読み取りと点検に機械を使い、町が定めた条件をすべて満たしたため承認しました。",
    Ruling.Kind.AMEND: "書類の読み取りと点検に機械を使い、職員が確かめました。",
}
NOBODY = "申請者"
"""Where a letter names nobody."""


def remedy_of(procedure: Procedure) -> str:
    """教示 that every refusal of this procedure carries (行政不服審査法第82条, 行政事件訴訟法第46条)."""
    town = procedure.municipality
    return "\n".join(remedies(data_of(procedure).about.appeal, town.name, town.prefecture.name))


def write(application: Application, ruling: Ruling, *, told: bool = False) -> CaseLetter:
    """The letter of a ruling, in the caller's transaction, in the procedure's own words. ``told``: what it asks for may
    also stand in a mail and on the page of the secret link."""
    assert application.procedure is not None
    count = application.letters.count() + 1
    number = f"第{application.number}-{count}号"
    facts = replace(_facts(application, ruling, number), fields=_in_words(application))
    made = letter(data_of(application.procedure), _KINDS[ruling.kind], facts)
    return CaseLetter.objects.create(
        municipality=application.municipality,
        application=application,
        ruling=ruling,
        kind=ruling.kind,
        number=number,
        content=json.dumps(
            {
                **_kept(made, _how_to_send(application) if ruling.kind == Ruling.Kind.AMEND else ()),
                "told": told,
            },
            ensure_ascii=False,
        ),
    )


def _how_to_send(application: Application) -> list[str | dict[str, object]]:
    """Behind the words of a request for amendment, as ``_block`` reads it."""
    address = status_url(application)
    told = (
        "次のアドレスのページから、写真やPDFで送ることもできます。"
        "アドレスを知っている人だけが見られるので、人に教えないでください。"
    )
    return [{"heading": "直した書類を送るには"}, told, address, {"code": address}]


def asked_openly(ruling: Ruling) -> list[str]:
    """What a request for amendment asks for, line by line, where it may stand outside the letter; else none."""
    stored = ruling.letters.last()
    if stored is None or not stored.content or not json.loads(stored.content).get("told"):
        return []
    return _lines(ruling)


def letter_of(stored: CaseLetter) -> Letter:
    """As written. ValueError where its words were erased."""
    if not stored.content:
        raise ValueError("the letter's words were erased")
    said = json.loads(stored.content)
    return Letter(
        subject=said["subject"],
        body=[_block(one) for one in said["body"]],
        number=stored.number,
        on=date.fromisoformat(said["on"]),
        to=said["to"],
        sender=said["sender"],
        particulars=[(name, text) for name, text in said["particulars"]],
        contact=said["contact"],
        note=said["note"],
    )


def asked_to_amend(application: Application) -> list[str]:
    """What a request for amendment would ask, in words for the applicant: the rules not met that an applicant can mend
    (of an earlier application there is nothing to mend), and required values that none of them speaks of."""
    failed = [
        one
        for one in application.checks.filter(result=CheckResult.Result.FAILED)
        if one.rule not in _beyond_mending(application)
    ]
    found = [one.reason or one.title for one in failed]
    spoken_of = {field for one in failed for field in one.fields}
    missing = [
        f"「{one.label}」が書かれていません。"
        for one in application.values.filter(required=True)
        if not one.value and one.field not in spoken_of
    ]
    return list(dict.fromkeys([*found, *missing]))


def receipt(application: Application, *, named: bool = True) -> Letter:
    """That it has arrived and how to see how it stands, to be sent or handed over; for those who applied on paper,
    with the link as a QR code. ``named`` False: for whoever has the link, who is told no name. ValueError while nobody
    knows which procedure it is."""
    if application.procedure is None:
        raise ValueError("no procedure")
    facts = _receipt_facts(application)
    if not named:
        facts = replace(facts, applicant=NOBODY)
    made = letter(data_of(application.procedure), "receipt", facts)
    address = status_url(application)
    told = (
        "次のアドレスで、いつでも状況を確かめられます。"
        "アドレスを知っている人だけが見られるので、人に教えないでください。"
    )
    return replace(made, body=[*made.body, Heading("状況を確かめるには"), told, address, _code(address)])


def _code(address: str) -> Picture:
    """As wide as the letter, with the code itself small at the left."""
    code = re.sub(r'width="[^"]*" height="[^"]*"', 'width="30" height="30"', qr_svg(address), count=1)
    drawn = code[code.index("<svg") :]
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 30">{drawn}</svg>'
    return Picture("スマートフォンのカメラで読み取れます。", whole)


def _beyond_mending(application: Application) -> set[str]:
    rules = data_of(application.procedure).rules if application.procedure else ()
    return {rule.key for rule in rules if isinstance(rule, Duplicate)}


def _receipt_facts(application: Application) -> Facts:
    town = application.municipality
    return Facts(
        applicant=application.applicant or NOBODY,
        reference=application.number,
        received=timezone.localdate(application.received_at),
        on=timezone.localdate(),
        town=town.name,
        mayor=f"{town.name}長",
        office=town.name,
        contact=f"電話 {town.telephone}" if town.telephone else "",
        due=application.due_on,
    )


def _facts(application: Application, ruling: Ruling, number: str) -> Facts:
    town = application.municipality
    today = timezone.localdate()
    lines = tuple(_lines(ruling))
    approved = ruling.kind in (Ruling.Kind.APPROVE, Ruling.Kind.STRAIGHT)
    return Facts(
        applicant=application.applicant or NOBODY,
        reference=application.number,
        received=timezone.localdate(application.received_at),
        on=today,
        town=town.name,
        mayor=f"{town.name}長",
        prefecture=town.prefecture.name,
        office=town.name,
        contact=f"電話 {town.telephone}" if town.telephone else "",
        number=number,
        due=ruling.until,
        decided=today,
        decision="承認" if approved else "不承認",
        items=lines if ruling.kind == Ruling.Kind.AMEND else (),
        reasons=lines if ruling.kind == Ruling.Kind.REFUSE else (),
        conditions=lines if approved else (),
        note=_NOTES.get(ruling.kind, "書類の読み取りと点検に機械を使い、職員が確かめて決定しました。"),
    )


def _in_words(application: Application) -> dict[str, str]:
    """What stands in its forms, by field, as a letter says it."""
    assert application.procedure is not None
    own, options = application.procedure.content["forms"], options_of(application.procedure)
    return {
        one.field: _said(one.kind, one.value, options.get(one.field, {}))
        for one in application.values.all()
        if one.form in own and one.value
    }


def _said(kind: str, value: str, options: Mapping[str, str]) -> str:
    if options:
        return "、".join(options.get(one, one) for one in value.split(","))
    with suppress(ValueError):  # what was read may not be of its kind; then it is said as it stands
        if kind == "date":
            return wareki(date.fromisoformat(value))
        if kind == "yen":
            return f"{int(value):,}円"
    return value


def _lines(ruling: Ruling) -> list[str]:
    return [one.strip() for one in (ruling.reason or "").splitlines() if one.strip()]


def _kept(made: Letter, more: Sequence[str | dict[str, object]] = ()) -> dict[str, object]:
    return {
        "subject": made.subject,
        "body": [
            {"items": list(one.items)}
            if isinstance(one, Bullets)
            else {"heading": one.text}
            if isinstance(one, Heading)
            else one
            for one in made.body
        ]
        + list(more),
        "on": (made.on or timezone.localdate()).isoformat(),
        "to": made.to,
        "sender": made.sender,
        "particulars": [list(pair) for pair in made.particulars],
        "contact": made.contact,
        "note": made.note,
    }


def _block(one: str | dict[str, object]) -> str | Bullets | Heading | Picture:
    if isinstance(one, str):
        return one
    if "code" in one:
        return _code(str(one["code"]))
    items = one.get("items")
    return Bullets([str(item) for item in items]) if isinstance(items, list) else Heading(str(one["heading"]))
