"""Applications that came as a list (Excel or CSV): read whole, told what is wrong where, taken all or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members as towns_of
from machi.base.engine.tables import Problem, Reader, Row, plain, read_table
from machi.base.models import Municipality
from machi.joint.domain.calls_proposals import next_number
from machi.joint.domain.calls_record import Acting, record_proposal
from machi.joint.models import Area, Call, Proposal, ProposalMember

REQUIRED = ("事業名", "分野", "代表自治体", "構成自治体", "概要", "申請額", "開始日", "終了日")
OPTIONAL = ("実施内容", "期待される効果", "協力する事業者・団体", "担当者の氏名", "担当者のメールアドレス")
LARGEST = 1_000_000
"""Bytes of a list."""
SAID = {
    "not_a_member": gettext_lazy("この共同体に参加している自治体ではありません。"),
    "ambiguous": gettext_lazy("同じ名前の自治体が複数あります。自治体コードで書いてください。"),
    "too_few": gettext_lazy("構成自治体が足りません。"),
    "not_called_for": gettext_lazy("この公募の分野ではありません。"),
    "over_ceiling": gettext_lazy("1件の上限額を超えています。"),
    "ends_before": gettext_lazy("開始日より前です。"),
    "not_an_address": gettext_lazy("メールアドレスの形になっていません。"),
    "known": gettext_lazy("同じ代表自治体の同じ名前の提案が、もうあります。"),
}
_LONGEST_TITLE = 120
_MOST_YEN = 10**12


@dataclass(frozen=True, slots=True)
class Applied:
    """One application of the list."""

    row: int
    title: str
    area: str
    lead: Municipality
    members: tuple[Municipality, ...]
    summary: str
    plan: str
    effects: str
    partners: str
    amount: int
    starts_on: date
    ends_on: date
    contact_name: str
    contact_email: str

    @property
    def area_label(self) -> str:
        return str(Area(self.area).label)


@dataclass(frozen=True, slots=True)
class Read:
    """``applied`` is empty where there are ``problems``: half a list is never taken."""

    applied: tuple[Applied, ...]
    problems: tuple[Problem, ...]


def read(call: Call, data: bytes) -> Read:
    """The dry run: what would be taken."""
    if len(data) > LARGEST:
        return Read((), (Problem("too_large"),))
    table = read_table(data, REQUIRED, OPTIONAL)
    if table.problems:
        return Read((), table.problems)
    reader, towns = Reader(), _by_name(call)
    found = [_applied(call, reader, row, towns) for row in table.rows]
    taken = {(one.lead_id, one.title) for one in call.proposals.filter(number__isnull=False)}
    for row, one in zip(table.rows, found, strict=True):
        if one is None:
            continue
        if (one.lead.pk, one.title) in taken:
            reader.report("known", row, "事業名")
        taken.add((one.lead.pk, one.title))
    if reader.problems or not found:
        return Read((), tuple(reader.problems) or (Problem("missing"),))
    return Read(tuple(one for one in found if one is not None), ())


@transaction.atomic
def take(call: Call, by: Acting, data: bytes) -> int:
    """All applications of the list as handed in, their towns' agreement as given on paper."""
    current = Call.objects.select_for_update().get(pk=call.pk)
    if current.state not in (Call.State.OPEN, Call.State.REVIEW):
        raise Refused(_("募集中か審査中の公募にだけ、取り込めます。"))
    done = read(current, data)
    if done.problems:
        raise Refused(_("一覧に直すところがあります。"), "file")
    number, now = next_number(current), timezone.now()
    for at, one in enumerate(done.applied):
        proposal = Proposal.objects.create(
            consortium=current.consortium,
            call=current,
            number=number + at,
            state=Proposal.State.SUBMITTED,
            lead=one.lead,
            imported=True,
            created_by=by.person,
            changed_by=by.person,
            submitted_at=now,
            **{name: getattr(one, name) for name in _TAKEN},
        )
        ProposalMember.objects.bulk_create(
            ProposalMember(consortium=current.consortium, proposal=proposal, municipality=town, signed_at=now)
            for town in one.members
        )
        record_proposal(
            proposal,
            by,
            "import",
            concerned=one.members,
            number=proposal.number,
            members=sorted(town.pk for town in one.members),
        )
    return len(done.applied)


_TAKEN = (
    "title",
    "area",
    "summary",
    "plan",
    "effects",
    "partners",
    "amount",
    "starts_on",
    "ends_on",
    "contact_name",
    "contact_email",
)


def _applied(
    call: Call, reader: Reader, row: Row, towns: Mapping[str, Sequence[Municipality]]
) -> Applied | None:
    before = len(reader.problems)
    title = reader.text(row, "事業名", required=True, longest=_LONGEST_TITLE)
    area = reader.choice(row, "分野", _areas(), required=True)
    if area and area not in call.areas:
        reader.report("not_called_for", row, "分野")
    lead = _town(reader, row, "代表自治体", row["代表自治体"], towns)
    others = [
        _town(reader, row, "構成自治体", part, towns)
        for part in re.split(r"[、,，;；・/\n]", row["構成自治体"])
        if part.strip()
    ]
    amount = reader.whole(row, "申請額", required=True, least=1, most=_MOST_YEN)
    if amount and call.ceiling and amount > call.ceiling:
        reader.report("over_ceiling", row, "申請額")
    starts, ends = (reader.date(row, name, required=True) for name in ("開始日", "終了日"))
    if starts and ends and ends < starts:
        reader.report("ends_before", row, "終了日")
    email = reader.text(row, "担当者のメールアドレス", longest=200)
    if email and not _is_address(email):
        reader.report("not_an_address", row, "担当者のメールアドレス")
    texts: dict[str, Any] = {
        "summary": reader.text(row, "概要", required=True, longest=4000),
        "plan": reader.text(row, "実施内容", longest=10_000),
        "effects": reader.text(row, "期待される効果", longest=10_000),
        "partners": "\n".join(p.strip() for p in re.split(r"[、,，;；\n]", row["協力する事業者・団体"])),
        "contact_name": reader.text(row, "担当者の氏名", longest=80),
        "contact_email": email,
    }
    if lead is None or starts is None or ends is None or amount is None or None in others:
        return None
    members = {town.pk: town for town in (lead, *others) if town is not None}
    if len(members) < call.least_members:
        reader.report("too_few", row, "構成自治体")
    if len(reader.problems) > before:
        return None
    return Applied(
        row=row.number,
        title=title,
        area=area,
        lead=lead,
        members=tuple(members.values()),
        amount=amount,
        starts_on=starts,
        ends_on=ends,
        **texts,
    )


def _areas() -> dict[str, str]:
    """By every label: a list written on an English screen is read on a Japanese one."""
    found = {value: value for value in Area.values}
    for language in ("ja", "en"):
        with override(language):
            found |= {str(area.label): area.value for area in Area}
    return found


def _by_name(call: Call) -> dict[str, list[Municipality]]:
    """Towns by code, by name, and by name with the prefecture before it."""
    found: dict[str, list[Municipality]] = {}
    for town in towns_of(call.consortium):
        for name in (town.code, town.name, f"{town.prefecture.name}{town.name}"):
            found.setdefault(plain(name), []).append(town)
    return found


def _town(
    reader: Reader, row: Row, column: str, text: str, towns: Mapping[str, Sequence[Municipality]]
) -> Municipality | None:
    if not text.strip():
        reader.report("missing", row, column)
        return None
    known = towns.get(plain(text), ())
    if len(known) == 1:
        return known[0]
    reader.problems.append(
        Problem("ambiguous" if known else "not_a_member", row.number, column, text.strip()[:40])
    )
    return None


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
