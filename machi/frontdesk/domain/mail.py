"""Letters of the front desk. A letter that cannot be sent never undoes what it tells of; a worker tries again."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.base.domain.mailing import letter, send
from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.frontdesk.models import HandOver, Inquiry, Message


def link(inquiry: Inquiry, view: str = "frontdesk:answer") -> str:
    """The resident's secret link."""
    return str(settings.MACHI_URL) + reverse(view, args=[inquiry.municipality_id, inquiry.token])


def tell_division(handed: HandOver) -> None:
    """Tells the division that something waits; not what was asked, for mail is not a safe place."""
    if handed.division.email:
        send_division_mail.enqueue(handed.municipality_id, handed.pk)


def send_receipt(handed: HandOver) -> None:
    """Sends the secret link to the address the resident left, if one: an address of forty letters gets lost."""
    if handed.email:
        send_receipt_mail.enqueue(handed.municipality_id, handed.pk)


def send_staff_answer(message: Message) -> None:
    """Sends the town's answer to the address the resident left, if one."""
    if message.hand_over.email:
        send_answer_mail.enqueue(message.municipality_id, message.pk)


def send_desk_answer(inquiry: Inquiry, address: str) -> None:
    """Sends the desk's own answer to ``address``, which is not kept."""
    with translation.override(inquiry.language):
        lines = [_("ご質問："), inquiry.question, "", _("回答：")]
        for citation in inquiry.citations.select_related("document__source"):
            lines += [citation.text, f"  ({citation.document.source.name}「{citation.document.title}」)"]
        if inquiry.state == Inquiry.State.UNKNOWN:
            lines.append(_("町の資料からは答えが見つかりませんでした。"))
        lines += ["", _("くわしくは次のページをご覧ください。"), link(inquiry)]
        send(_("%(town)s：ご質問への回答") % {"town": inquiry.municipality}, lines, address)


@letter
def send_division_mail(code: str, pk: int) -> None:
    municipality = Municipality.objects.get(code=code)
    with in_municipality(municipality):
        handed = HandOver.objects.select_related("division").get(pk=pk)
        page = settings.MACHI_URL + reverse("frontdesk:hand_over", args=[code, pk])
        body = _("新しい問い合わせがあります。期限は %(due)s です。") % {
            "due": f"{handed.due_at:%Y-%m-%d %H:%M}"
        }
        send(_("問い合わせの引き継ぎ #%(number)s") % {"number": pk}, [body, page], handed.division.email)


@letter
def send_receipt_mail(code: str, pk: int) -> None:
    municipality = Municipality.objects.get(code=code)
    with in_municipality(municipality):
        handed = HandOver.objects.select_related("division", "inquiry").get(pk=pk)
        if not handed.email:  # erased meanwhile
            return
        with translation.override(handed.inquiry.language):
            lines = [
                _("%(division)sに引き継ぎました。%(due)sまでにお答えします。")
                % {
                    "division": handed.division,
                    "due": date_format(timezone.localtime(handed.due_at), "DATE_FORMAT"),
                },
                "",
                _("いまの状況と回答は、次のページで見られます。アドレスを知っている人だけが見られます。"),
                link(handed.inquiry, "frontdesk:status"),
                "",
                _("心当たりのない方は、このメールを捨ててください。"),
            ]
            subject = _("%(town)s：お問い合わせを受け付けました") % {"town": municipality}
            send(subject, lines, handed.email)


@letter
def send_answer_mail(code: str, pk: int) -> None:
    municipality = Municipality.objects.get(code=code)
    with in_municipality(municipality):
        message = Message.objects.select_related("hand_over__inquiry__municipality").get(pk=pk)
        inquiry = message.hand_over.inquiry
        with translation.override(inquiry.language):
            lines = [
                _("お問い合わせに職員が回答しました。"),
                "",
                message.body,
                "",
                *(f"・{document.source.name}「{document.title}」" for document in message.documents.all()),
                "",
                _("このページから続けて質問できます。"),
                link(inquiry, "frontdesk:status"),
            ]
            assert message.hand_over.email
            send(
                _("%(town)s：お問い合わせへの回答") % {"town": inquiry.municipality},
                lines,
                message.hand_over.email,
            )
