"""What people decide on applications: approve, refuse, ask for amendment, second, undo, notify.

Nothing here is done by a machine. A refusal has a reason and tells of the remedies; where the procedure asks for two,
the second is another person; until the applicant has been notified everything can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.casework.domain import letters, mail
from machi.casework.domain.correcting import to_look_at
from machi.casework.domain.record import record
from machi.casework.models import Application, CaseLetter, Ruling
from machi.governance.domain.personal_check import slips

State, Kind = Application.State, Ruling.Kind
DECIDED_FROM = (State.REVIEW, State.AMENDMENT)
AMENDED_FROM = (State.REVIEW,)
SECONDED_FROM = (State.SECOND,)
NOTIFIED_FROM = (State.APPROVED, State.REFUSED)
UNDONE_FROM = (State.SECOND, State.APPROVED, State.REFUSED, State.AMENDMENT, State.CLOSED)


def live_ruling(application: Application) -> Ruling | None:
    """The last one that was not undone."""
    return application.rulings.filter(undone_at=None).select_related("person", "second").last()


def approve(application: Application, person: Person, reason: str = "") -> Ruling:
    """Refused while values are doubtful; with a rule not met or not decided, a reason is needed."""
    with transaction.atomic():
        current = _locked(application, DECIDED_FROM)
        if current.procedure is None:
            raise Refused(_("先に、どの手続の申請かを選んでください。"))
        if left := to_look_at(current).count():
            raise Refused(
                _("確認していない欄が%(count)s件あります。先に確かめてください。") % {"count": left}
            )
        if (current.failed or current.unsure) and not reason.strip():
            raise Refused(
                _("満たさない条件か、判断できない条件があります。承認する理由を書いてください。"), "reason"
            )
        return _ruled(current, Kind.APPROVE, person, reason=reason)


def refuse(application: Application, person: Person, reason: str) -> Ruling:
    """Refused without a reason (行政手続法第8条); the remedies (行政不服審査法第82条) come with it always."""
    if not reason.strip():
        raise Refused(_("承認しない理由を書いてください。"), "reason")
    with transaction.atomic():
        current = _locked(application, DECIDED_FROM)
        if current.procedure is None:
            raise Refused(_("先に、どの手続の申請かを選んでください。"))
        return _ruled(
            current, Kind.REFUSE, person, reason=reason, remedy=letters.remedy_of(current.procedure)
        )


def ask_to_amend(
    application: Application, person: Person, what: str, until: date, *, openly: bool = True
) -> Ruling:
    """A letter that asks for what is missing or wrong; the applicant sees on the status page what to do.

    ``openly``: that page and the mail say what it is. Refused then where personal information is found in the words: a
    mail can be read on its way, and a link be passed on."""
    if not what.strip():
        raise Refused(_("補正してほしいことを書いてください。"), "what")
    if until <= timezone.localdate():
        raise Refused(_("これからの日を選んでください。"), "until")
    if openly and (found := personal_in(what, application.applicant or "")):
        raise Refused(
            _(
                "個人情報らしいもの（%(found)s）があります。消すか、"
                "「申請者のページとメールにも書く」の印を外してください。"
            )
            % {"found": "、".join(found)},
            "what",
        )
    with transaction.atomic():
        current = _locked(application, AMENDED_FROM)
        ruling = Ruling.objects.create(
            municipality=current.municipality,
            application=current,
            kind=Kind.AMEND,
            person=person,
            reason=what.strip(),
            until=until,
        )
        letters.write(current, ruling, told=openly)
        current.state = State.AMENDMENT
        current.save(update_fields=["state"])
        record(current, "amend", person, inputs={"what": what}, until=until.isoformat(), openly=openly)
        _tell(current)
    return ruling


def personal_in(text: str, applicant: str) -> list[str]:
    """Personal information in what is about to be said in the open: by kind, and the applicant's name."""
    found = [f"{one.label}「{one.text}」" for one in slips({"": text})]
    bare = "".join(applicant.split())
    if bare and bare in "".join(text.split()) and not any(bare in one for one in found):
        found.append(bare)
    return found


def close(application: Application, person: Person, reason: str) -> None:
    """Ends it without a decision: the applicant took it back, or it is there twice. No letter is written, nothing is
    refused; whoever has the link sees that it has ended."""
    if not reason.strip():
        raise Refused(_("終える理由を書いてください。"), "reason")
    with transaction.atomic():
        current = _locked(application, DECIDED_FROM)
        Ruling.objects.create(
            municipality=current.municipality,
            application=current,
            kind=Kind.CLOSE,
            person=person,
            reason=reason.strip(),
        )
        current.state = State.CLOSED
        current.save(update_fields=["state"])
        record(current, "close", person, inputs={"reason": reason})


def second(application: Application, person: Person) -> None:
    """The second of two: another person than the first, who has seen the same page."""
    with transaction.atomic():
        current = _locked(application, SECONDED_FROM)
        ruling = live_ruling(current)
        assert ruling is not None
        if ruling.person_id == person.pk:
            raise Refused(_("決定した人とは別の人が承認してください。"))
        ruling.second, ruling.second_at = person, timezone.now()
        ruling.save(update_fields=["second", "second_at"])
        _decide(current, ruling, person)
        record(current, "second", person, kind=ruling.kind)


def send_back(application: Application, person: Person, reason: str) -> None:
    """The second does not agree: back to review, with the reason."""
    if not reason.strip():
        raise Refused(_("戻す理由を書いてください。"), "reason")
    with transaction.atomic():
        current = _locked(application, SECONDED_FROM)
        ruling = live_ruling(current)
        assert ruling is not None
        if ruling.person_id == person.pk:
            raise Refused(_("決定した人とは別の人が承認してください。"))
        _undo(current, ruling, person)
        record(current, "send_back", person, inputs={"reason": reason})


def undo(application: Application, person: Person) -> None:
    """Back to review. Refused once the applicant has been notified: then only a new decision can change it."""
    with transaction.atomic():
        current = _locked(application, UNDONE_FROM)
        ruling = live_ruling(current)
        if ruling is not None:
            _undo(current, ruling, person)
        record(current, "undo", person, kind=ruling.kind if ruling else "")


def notify(application: Application, person: Person) -> None:
    """The letter went out. From here on nothing can be undone."""
    with transaction.atomic():
        current = _locked(application, NOTIFIED_FROM)
        now = timezone.now()
        current.state, current.notified_at = State.NOTIFIED, now
        current.save(update_fields=["state", "notified_at"])
        live_letters(current).filter(sent_at=None).update(sent_at=now)
        record(current, "notify", person, outcome=current.outcome)
        _tell(current)


def send_receipt(application: Application, person: Person) -> None:
    """The link to see how it stands, by mail: of an application on paper once a person has seen the address. Refused
    without an address, and while it is doubtful: the link must not reach somebody else."""
    with transaction.atomic():
        current = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        if current.erased_at or not current.email:
            raise Refused(_("この申請には、メールアドレスがありません。"))
        if address_is_doubtful(current):
            raise Refused(_("メールアドレスの欄を、先に確かめてください。"))
        mail.acknowledge(current)
        record(current, "receipt", person)


def address_is_doubtful(application: Application) -> bool:
    """It was read, and nobody has looked at it: a link must not go there."""
    return to_look_at(application).filter(kind="email").exists()


def ensure_open(application: Application, states: Sequence[str]) -> None:
    """Refused where it is in no state in which this may be done."""
    if application.erased_at or application.state not in states:
        raise Refused(
            _("この申請は「%(state)s」なので、いまはできません。")
            % {"state": application.get_state_display()}
        )


def live_letters(application: Application) -> QuerySet[CaseLetter]:
    """Those of rulings that stand."""
    return application.letters.filter(ruling__undone_at=None).select_related("ruling")


def _tell(application: Application) -> None:
    if not address_is_doubtful(application):
        mail.tell_applicant(application)


def _ruled(application: Application, kind: str, person: Person, *, reason: str, remedy: str = "") -> Ruling:
    ruling = Ruling.objects.create(
        municipality=application.municipality,
        application=application,
        kind=kind,
        person=person,
        reason=reason.strip() or None,
        remedy=remedy.strip() or None,
    )
    two = application.procedure is not None and application.procedure.two_person
    if two:
        application.state = State.SECOND
        application.save(update_fields=["state"])
    else:
        _decide(application, ruling, person)
    record(
        application,
        kind,
        person,
        inputs={"reason": reason, "remedy": remedy},
        two_person=two,
        failed=application.failed,
        unsure=application.unsure,
    )
    return ruling


def _decide(application: Application, ruling: Ruling, person: Person) -> None:
    approved = ruling.kind == Kind.APPROVE
    application.state = State.APPROVED if approved else State.REFUSED
    application.outcome = Application.Outcome.APPROVED if approved else Application.Outcome.REFUSED
    application.decided_at = timezone.now()
    application.save(update_fields=["state", "outcome", "decided_at"])
    letters.write(application, ruling)


def _undo(application: Application, ruling: Ruling, person: Person) -> None:
    ruling.undone_at, ruling.undone_by = timezone.now(), person
    ruling.save(update_fields=["undone_at", "undone_by"])
    application.state, application.outcome, application.decided_at = State.REVIEW, "", None
    application.straight_through = False
    application.save(update_fields=["state", "outcome", "decided_at", "straight_through"])


def _locked(application: Application, states: Sequence[str]) -> Application:
    current = (
        Application.objects.select_for_update(of=("self",))
        .select_related("procedure__municipality__prefecture", "municipality__prefecture")
        .get(pk=application.pk)
    )
    ensure_open(current, states)
    return current
