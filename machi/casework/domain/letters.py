"""Letters to applicants: written once when a person rules, kept as written, set as PDF and Word whenever asked for."""

from __future__ import annotations

import json
from datetime import date

from django.utils import timezone
from django.utils.translation import override

from machi.base.engine.letters import Bullets, Letter
from machi.base.engine.wareki import wareki
from machi.base.models import Municipality
from machi.casework.models import Application, CaseLetter, CheckResult, Ruling

REMEDY = (
    "1　この決定に不服があるときは、この決定があったことを知った日の翌日から起算して3か月以内に、{head}に対して"
    "審査請求をすることができます（行政不服審査法第18条）。\n"
    "2　この決定の取消しの訴えは、この決定があったことを知った日の翌日から起算して6か月以内に、{town}を被告として"
    "（{head}が被告の代表者となります。）提起することができます（行政事件訴訟法第14条）。"
)
_WORDS = {
    Ruling.Kind.APPROVE: ("決定について（通知）", "申請のとおり承認します。"),
    Ruling.Kind.STRAIGHT: ("決定について（通知）", "申請のとおり承認します。"),
    Ruling.Kind.REFUSE: ("不承認の決定について（通知）", "下記の理由により、承認しないことに決定しました。"),
    Ruling.Kind.AMEND: ("書類の補正について（依頼）", "下記のとおり補正をお願いします。"),
}


def usual_remedy(municipality: Municipality) -> str:
    """教示 as 行政不服審査法第82条 and 行政事件訴訟法第46条 ask for it; a person may change it before it goes out."""
    return REMEDY.format(head=f"{municipality.name}長", town=municipality.name)


def write(application: Application, ruling: Ruling) -> CaseLetter:
    """The letter of a ruling, in the caller's transaction. In Japanese, whoever rules."""
    count = application.letters.count() + 1
    with override("ja"):
        letter = _letter(application, ruling)
    return CaseLetter.objects.create(
        municipality=application.municipality,
        application=application,
        ruling=ruling,
        kind=ruling.kind,
        number=f"第{application.number}-{count}号",
        content=json.dumps(letter, ensure_ascii=False),
    )


def letter_of(stored: CaseLetter) -> Letter:
    """As written. ValueError where its words were erased."""
    if not stored.content:
        raise ValueError("the letter's words were erased")
    said = json.loads(stored.content)
    body = [Bullets(one["items"]) if isinstance(one, dict) else one for one in said["body"]]
    return Letter(
        subject=said["subject"],
        body=body,
        number=stored.number,
        on=date.fromisoformat(said["on"]),
        to=said["to"],
        sender=said["sender"],
        particulars=[(name, text) for name, text in said["particulars"]],
        contact=said["contact"],
        note=said["note"],
    )


def asked_to_amend(application: Application) -> list[str]:
    """What a request for amendment would ask, from the rules not met and required values that are missing."""
    found = [one.reason or one.title for one in application.checks.filter(result=CheckResult.Result.FAILED)]
    missing = [
        f"「{one.label}」が書かれていません。"
        for one in application.values.filter(required=True)
        if not one.value
    ]
    return list(dict.fromkeys([*found, *missing]))


def _letter(application: Application, ruling: Ruling) -> dict[str, object]:
    town, procedure = application.municipality, application.procedure
    title = procedure.title if procedure else "申請"
    own = (procedure.content.get("letters") or {}).get(ruling.kind, {}) if procedure else {}
    subject, said = _WORDS[Ruling.Kind(ruling.kind)]
    body: list[object] = [
        f"{wareki(timezone.localdate(application.received_at))}に受け付けた{title}（受付番号 {application.number}）"
        f"について、{own.get('text') or said}"
    ]
    facts = [("受付番号", application.number), ("手続", title)]
    if ruling.kind == Ruling.Kind.AMEND:
        facts.append(("補正していただくこと", ruling.reason or ""))
        if ruling.until:
            facts.append(("期限", wareki(ruling.until, weekday=True)))
        body.append("期限までに補正がないときは、そのままの内容で審査します。")
    elif ruling.kind == Ruling.Kind.REFUSE:
        facts += [("決定", "不承認"), ("理由", ruling.reason or "")]
    else:
        facts.append(("決定", "承認"))
        if ruling.reason:
            facts.append(("付記", ruling.reason))
    if ruling.kind == Ruling.Kind.REFUSE:
        facts.append(("教示", ruling.remedy or ""))
    return {
        "subject": f"{title}の{subject}",
        "on": timezone.localdate().isoformat(),
        "to": f"{application.applicant}　様" if application.applicant else "申請者　様",
        "sender": f"{town.name}長",
        "body": body,
        "particulars": facts,
        "contact": f"問い合わせ先　{town.name}" + (f"　電話 {town.telephone}" if town.telephone else ""),
        "note": "書類の読み取りと点検に機械を使い、町が定めた条件をすべて満たしたため承認しました。"
        if ruling.kind == Ruling.Kind.STRAIGHT
        else "書類の読み取りと点検に機械を使い、職員が確かめて決定しました。",
    }
