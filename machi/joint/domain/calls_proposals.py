"""A proposal written by several towns together: saved as they write, signed by each, handed in by the lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Field, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members as towns_of
from machi.base.engine.canonical import digest
from machi.base.models import Municipality
from machi.governance.domain.evidence import keep
from machi.joint.domain.calls import takes_proposals
from machi.joint.domain.calls_record import Acting, record_proposal
from machi.joint.models import Call, Proposal, ProposalAttachment, ProposalMember

State = Proposal.State
FIELDS = (
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
MOST_ATTACHMENTS = 10


@transaction.atomic
def begin(call: Call, by: Acting, title: str, members: Sequence[Municipality]) -> Proposal:
    """A draft led by the town that begins it."""
    if not takes_proposals(call):
        raise Refused(_("この公募は、いま応募を受け付けていません。"))
    proposal = Proposal.objects.create(
        consortium=call.consortium,
        call=call,
        lead=by.town,
        title=title.strip(),
        area=call.areas[0] if len(call.areas) == 1 else "",
        created_by=by.person,
        changed_by=by.person,
    )
    _set_members(proposal, members)
    record_proposal(
        proposal, by, "begin", concerned=members, members=sorted(_codes(proposal)), inputs={"title": title}
    )
    return proposal


@transaction.atomic
def write(
    proposal: Proposal, by: Acting, given: Mapping[str, Any], revision: int, *, autosave: bool = False
) -> Proposal:
    """Saves what changed and returns the row as it then stands. Signatures fall with a change: they were given to
    other words. Refused where somebody else has saved since ``revision``. What is saved by itself while somebody
    writes is not recorded: the ledger would be full of half sentences."""
    current = _own_draft(proposal, by)
    changed = [
        name for name in FIELDS if name in given and (getattr(current, name) or "") != (given[name] or "")
    ]
    if not changed:
        return current
    if revision != current.revision and current.changed_by != by.person:
        raise Refused(
            _("%(who)sが先に保存しました。画面を読み直して、書き足してください。")
            % {"who": current.changed_by or _("ほかの人")}
        )
    if given.get("title", current.title).strip() == "":
        raise Refused(_("事業名を書いてください。"), "title")
    for name in changed:
        setattr(current, name, given[name])
    _changed(current, by, changed)
    if autosave:
        return current
    record_proposal(
        current,
        by,
        "write",
        inputs={name: str(given[name]) for name in changed},
        fields=changed,
        revision=current.revision,
    )
    return current


@transaction.atomic
def set_members(proposal: Proposal, by: Acting, members: Sequence[Municipality]) -> None:
    current = _own_draft(proposal, by)
    if by.town.pk != current.lead_id:
        raise Refused(_("構成自治体を決めるのは、代表の自治体です。"))
    before = _codes(current)
    _set_members(current, members)
    if _codes(current) == before:
        return
    _changed(current, by, [])
    record_proposal(current, by, "members", concerned=members, members=sorted(_codes(current)))


@transaction.atomic
def attach(proposal: Proposal, by: Acting, name: str, data: bytes) -> ProposalAttachment:
    """Refused for what is too large or is not what its name says (``governance.domain.evidence``)."""
    current = _own_draft(proposal, by)
    if current.attachments.count() >= MOST_ATTACHMENTS:
        raise Refused(_("添付は%(most)s個までです。") % {"most": MOST_ATTACHMENTS}, "file")
    kept = keep(current.lead, name, data)
    attachment = ProposalAttachment.objects.create(
        consortium=current.consortium,
        proposal=current,
        name=kept.name,
        digest=kept.digest,
        size=kept.size,
        kind=kept.kind,
        by=by.person,
    )
    _changed(current, by, [])
    record_proposal(current, by, "attach", sha256=kept.digest, size=kept.size, file_kind=kept.kind)
    return attachment


@transaction.atomic
def detach(attachment: ProposalAttachment, by: Acting) -> None:
    current = _own_draft(attachment.proposal, by)
    sha256 = attachment.digest
    attachment.delete()
    _changed(current, by, [])
    record_proposal(current, by, "detach", sha256=sha256)


@transaction.atomic
def sign(proposal: Proposal, by: Acting) -> None:
    """The town agrees to what now stands there. It holds until a word is changed."""
    current = _own_draft(proposal, by)
    if missing := what_is_missing(current):
        raise Refused(" ".join(missing))
    member = ProposalMember.objects.select_for_update().get(proposal=current, municipality=by.town)
    if member.signed_at is not None:
        raise Refused(_("この自治体は、もう同意しています。"))
    member.signed_at, member.signed_by = timezone.now(), by.person
    member.save(update_fields=["signed_at", "signed_by"])
    record_proposal(
        current, by, "sign", concerned=_towns(current), revision=current.revision, content=content(current)
    )


@transaction.atomic
def submit(proposal: Proposal, by: Acting) -> None:
    current = _own_draft(proposal, by)
    if by.town.pk != current.lead_id:
        raise Refused(_("提出するのは、代表の自治体です。"))
    if missing := why_not_submitted(current):
        raise Refused(" ".join(missing))
    current.number = next_number(current.call)
    current.state, current.submitted_at = State.SUBMITTED, timezone.now()
    current.save(update_fields=["number", "state", "submitted_at"])
    record_proposal(
        current, by, "submit", concerned=_towns(current), number=current.number, content=content(current)
    )


@transaction.atomic
def withdraw(proposal: Proposal, by: Acting, reason: str) -> None:
    """Before the decision, by the lead."""
    current = _locked(proposal)
    if by.town.pk != current.lead_id:
        raise Refused(_("取り下げるのは、代表の自治体です。"))
    if current.state not in (State.DRAFT, State.SUBMITTED, State.PASSED):
        raise Refused(_("この提案は、もう取り下げられません。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state = State.WITHDRAWN
    current.save(update_fields=["state"])
    record_proposal(current, by, "withdraw", concerned=_towns(current), explanation=reason.strip())


def content(proposal: Proposal) -> str:
    """Digest of what the towns agree to: words, figures, members and files, without who to ask."""
    words = {name: str(getattr(proposal, name)) for name in FIELDS if not name.startswith("contact_")}
    files = sorted(proposal.attachments.values_list("digest", flat=True))
    return digest({**words, "lead": proposal.lead_id, "members": sorted(_codes(proposal)), "files": files})


def what_is_missing(proposal: Proposal) -> list[str]:
    """What must be written before towns can agree to it."""
    call, found = proposal.call, []
    for name in ("area", "summary", "plan", "effects", "amount", "starts_on", "ends_on", "contact_name"):
        if not getattr(proposal, name):
            field = Proposal._meta.get_field(name)
            assert isinstance(field, Field)
            found.append(_("「%(field)s」が空欄です。") % {"field": field.verbose_name})
    if proposal.members.count() < call.least_members:
        found.append(
            _("構成自治体が足りません（代表を含めて%(least)s以上）。") % {"least": call.least_members}
        )
    if proposal.amount and call.ceiling and proposal.amount > call.ceiling:
        found.append(_("申請額が1件の上限額を超えています。"))
    if proposal.starts_on and proposal.ends_on and proposal.ends_on < proposal.starts_on:
        found.append(_("終了日は、開始日より後にしてください。"))
    return found


def why_not_submitted(proposal: Proposal) -> list[str]:
    found = what_is_missing(proposal)
    waiting = [
        one.municipality.name for one in proposal.members.select_related("municipality") if not one.signed_at
    ]
    if waiting:
        found.append(_("まだ同意していない自治体: %(towns)s。") % {"towns": "、".join(waiting)})
    return found


def next_number(call: Call) -> int:
    Call.objects.select_for_update().get(pk=call.pk)  # one number at a time
    return (call.proposals.aggregate(Max("number"))["number__max"] or 0) + 1


def _locked(proposal: Proposal) -> Proposal:
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("call", "lead", "consortium", "changed_by")
        .get(pk=proposal.pk)
    )


def _own_draft(proposal: Proposal, by: Acting) -> Proposal:
    current = _locked(proposal)
    if not current.members.filter(municipality=by.town).exists():
        raise Refused(_("この提案の構成自治体ではありません。"))
    if current.state != State.DRAFT:
        raise Refused(_("提出した提案は変えられません。"))
    if not takes_proposals(current.call):
        raise Refused(_("この公募は、いま応募を受け付けていません。"))
    return current


def _changed(proposal: Proposal, by: Acting, fields: Sequence[str]) -> None:
    proposal.revision += 1
    proposal.changed_by, proposal.changed_at = by.person, timezone.now()
    proposal.save(update_fields=[*fields, "revision", "changed_by", "changed_at"])
    proposal.members.update(signed_at=None, signed_by=None)


def _set_members(proposal: Proposal, members: Sequence[Municipality]) -> None:
    wanted = {proposal.lead_id, *(one.pk for one in members)}
    strangers = wanted - set(towns_of(proposal.consortium).values_list("pk", flat=True))
    if strangers:
        raise Refused(_("この共同体の自治体ではありません: %(codes)s") % {"codes": ", ".join(strangers)})
    proposal.members.exclude(municipality_id__in=wanted).delete()
    known = _codes(proposal)
    for pk in [proposal.lead_id, *sorted(wanted - {proposal.lead_id})]:
        if pk not in known:
            ProposalMember.objects.create(
                consortium=proposal.consortium, proposal=proposal, municipality_id=pk
            )


def _codes(proposal: Proposal) -> set[str]:
    return set(proposal.members.values_list("municipality_id", flat=True))


def _towns(proposal: Proposal) -> list[Municipality]:
    return [one.municipality for one in proposal.members.select_related("municipality")]
