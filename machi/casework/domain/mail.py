"""Mail to applicants: that something has changed, what to do and where. Not who they are or what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.base.domain.mailing import letter, send
from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.casework.domain.letters import asked_openly
from machi.casework.domain.links import status_url
from machi.casework.models import Application, Ruling


def acknowledge(application: Application) -> None:
    """That it has arrived, with the link to see how it stands, where whoever sent it left an address. Of one on paper
    the address is read first, and may be read wrongly: there a person sends it (``receipts``)."""
    if application.email:
        code, pk = application.municipality_id, application.pk
        transaction.on_commit(lambda: send_receipt_mail.enqueue(code, pk))


def tell_applicant(application: Application) -> None:
    if application.email:
        code, pk = application.municipality_id, application.pk
        transaction.on_commit(lambda: send_applicant_mail.enqueue(code, pk))


@letter
def send_applicant_mail(code: str, pk: int) -> None:
    """What to do now, as it stands when the mail goes out; nothing where it was overtaken."""
    with _to(code, pk) as application:
        if application is None:
            return
        if application.state == Application.State.AMENDMENT:
            subject = _("%(town)s：申請に直していただきたいところがあります")
            _send(application, subject, _amendment(application))
        elif application.state == Application.State.NOTIFIED:
            told = _(
                "申請（受付番号 %(number)s）について、お知らせがあります。次のページをご覧ください。"
            ) % {"number": application.number}
            _send(application, _("%(town)s：申請についてのお知らせ"), [told, "", status_url(application)])


@letter
def send_receipt_mail(code: str, pk: int) -> None:
    with _to(code, pk) as application:
        if application is None:
            return
        told = _(
            "申請を受け付けました（受付番号 %(number)s）。次のページで、いつでも状況を確かめられます。"
            "アドレスを知っている人だけが見られるので、人に教えないでください。"
        ) % {"number": application.number}
        due = _("審査が終わる予定の日は、%(due)sです。") % {
            "due": date_format(application.due_on, "DATE_FORMAT")
        }
        _send(application, _("%(town)s：申請を受け付けました"), [told, "", status_url(application), "", due])


def _amendment(application: Application) -> list[str]:
    """What is asked for, by when and how. The words are the office's, in which nobody is named (``ruling``)."""
    asked = application.rulings.filter(kind=Ruling.Kind.AMEND, undone_at=None).last()
    items = asked_openly(asked) if asked else []
    said = [f"・{one}" for one in items] if items else [_("内容は、役所からの手紙に書いてあります。")]
    how = _("次のページを開き、直した書類の写真かPDFを選んで「送る」を押してください。")
    if asked and asked.until:
        how = _(
            "%(until)sまでに、次のページを開き、直した書類の写真かPDFを選んで「送る」を押してください。"
        ) % {"until": date_format(asked.until, "DATE_FORMAT")}
    return [
        _("申請（受付番号 %(number)s）に、直していただきたいところがあります。")
        % {"number": application.number},
        "",
        *said,
        "",
        how,
        "",
        status_url(application),
        "",
        _("アドレスを知っている人だけが見られるので、人に教えないでください。"),
    ]


@contextmanager
def _to(code: str, pk: int) -> Iterator[Application | None]:
    """The application within its town, its applicant's language spoken; None where nobody can be told any more."""
    with in_municipality(Municipality.objects.get(code=code)):
        application = Application.objects.select_related("procedure", "municipality").get(pk=pk)
        with translation.override(application.language):
            yield application if application.email and not application.erased_at else None


def _send(application: Application, subject: str, lines: list[str]) -> None:
    town = application.municipality
    ask = _("分からないときは、電話で聞いてください：%(telephone)s") % {"telephone": town.telephone}
    foot = [*([ask] if town.telephone else []), _("このメールに返信しても届きません。")]
    send(subject % {"town": town}, [*lines, "", *foot], application.email or "")
