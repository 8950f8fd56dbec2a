"""Letters to people who registered for a seminar: written down first, then sent by a worker, each at most once.

A letter is claimed before it is sent. A worker that dies between the two leaves it as "being sent", which the office
sees and can send again; it is never sent twice by itself. What fails is tried three times.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django_tasks import task

from machi.base.models import Consortium
from machi.base.scoping import in_consortium
from machi.learning.models import Seminar, SeminarMail, SeminarRegistration, Way

_log = logging.getLogger(__name__)
MOST_TRIES = 3
_AGAIN = timedelta(minutes=10)
_AT_ONCE = 50
_CLAIMABLE = (SeminarMail.State.QUEUED, SeminarMail.State.FAILED)


def queue(registrations: Iterable[SeminarRegistration], kind: str) -> int:
    """Writes a letter to each down, and for the workers that they wait, in the same transaction; how many.

    Of the kinds of which nobody gets a second, only to those who had none."""
    made: list[SeminarMail] = []
    consortium = 0
    for one in registrations:
        if one.erased_at or not one.email:
            continue
        consortium = one.consortium_id
        fields: dict[str, Any] = {"consortium_id": consortium, "registration": one, "kind": kind}
        if kind in SeminarMail.ONCE:
            letter, new = SeminarMail.objects.get_or_create(**fields)
            if not new:
                continue
        else:
            letter = SeminarMail.objects.create(**fields)
        made.append(letter)
    keys = [one.pk for one in made]
    for at in range(0, len(keys), _AT_ONCE):
        some = keys[at : at + _AT_ONCE]
        send_mails.enqueue(consortium, some)
    return len(made)


def send_again(letters: Sequence[SeminarMail]) -> int:
    """By the office: those that failed or were left half-way; how many."""
    for one in letters:
        SeminarMail.objects.filter(pk=one.pk).update(state=SeminarMail.State.QUEUED, tries=0, why="")
    if letters:
        keys, consortium = [one.pk for one in letters], letters[0].consortium_id
        send_mails.enqueue(consortium, keys)
    return len(letters)


@task()
def send_mails(consortium: int, keys: list[int]) -> None:
    with in_consortium(Consortium.objects.get(pk=consortium)):
        letters = (
            SeminarMail.objects.filter(pk__in=keys, state__in=_CLAIMABLE)
            .select_related("registration__seminar__municipality__prefecture", "registration__town")
            .order_by("pk")
        )
        connection = get_connection()
        failed = [one.pk for one in letters if not _sent(one, connection)]
        connection.close()
        again = SeminarMail.objects.filter(pk__in=failed, tries__lt=MOST_TRIES).values_list("pk", flat=True)
        if again:
            send_mails.using(run_after=timezone.now() + _AGAIN).enqueue(consortium, list(again))


def _sent(letter: SeminarMail, connection: BaseEmailBackend) -> bool:
    """False: it has to be tried again."""
    mine = SeminarMail.objects.filter(pk=letter.pk)
    if not mine.filter(state__in=_CLAIMABLE).update(state=SeminarMail.State.SENDING, tries=F("tries") + 1):
        return True  # another worker has it
    registration = letter.registration
    if registration.erased_at or not registration.email:
        mine.update(state=SeminarMail.State.FAILED, why="erased", tries=MOST_TRIES)
        return True
    try:
        with translation.override(registration.language):
            subject, lines = written(letter)
            body = "\n".join(lines)
        EmailMessage(
            subject, body, settings.DEFAULT_FROM_EMAIL, [registration.email], connection=connection
        ).send()
    except Exception as error:  # whatever a mail server says: the letter waits, and the office sees it
        _log.warning("letter %s was not sent: %s", letter.pk, type(error).__name__)
        mine.update(state=SeminarMail.State.FAILED, why=type(error).__name__[:80])
        connection.close()
        return False
    mine.update(state=SeminarMail.State.SENT, sent_at=timezone.now(), why="")
    return True


def page_of(registration: SeminarRegistration, view: str = "my_seminar", *more: object) -> str:
    """A secret link; it names the consortium, so that it opens for whoever has never been here."""
    seminar = registration.seminar
    path = reverse(f"learning:{view}", args=[seminar.municipality_id, registration.token, *more])
    return f"{settings.MACHI_URL}{path}?consortium={seminar.consortium_id}"


def written(letter: SeminarMail) -> tuple[str, list[str]]:
    """Subject and lines, in the language that is active."""
    one, seminar = letter.registration, letter.registration.seminar
    subject, said = _said(letter.kind, one, seminar)
    lines = [said, "", *facts(seminar, one), ""]
    match letter.kind:
        case "asked":
            lines += [page_of(one, "seminar_questionnaire")]
        case "called_off":
            lines += [_("理由: %(reason)s") % {"reason": seminar.cancel_reason}]
        case "gone" | "lapsed":
            pass
        case _:
            lines += [_("あなたのページ（内容の確認、変更、取り消し）:"), page_of(one)]
    if (
        letter.kind in ("taken", "week", "day")
        and one.state == one.State.CONFIRMED
        and one.way == Way.ON_SITE
    ):
        lines += ["", _("受付で見せる番号: %(code)s") % {"code": one.code}]
    if letter.kind in ("week", "day", "moved") and one.way == Way.ONLINE and seminar.online_url:
        lines += ["", _("オンライン会場: %(url)s") % {"url": seminar.online_url}]
    lines += [
        "",
        _("問い合わせ先: %(contact)s") % {"contact": seminar.contact},
        _("リンクはあなただけのものです。ほかの人に転送しないでください。"),
    ]
    return f"{subject}: {seminar}", lines


def facts(seminar: Seminar, registration: SeminarRegistration | None = None) -> list[str]:
    """When and where; with ``registration``, also its number and how it stands."""
    lines = [str(seminar), _("日時: %(when)s") % {"when": when(seminar)}]
    if seminar.venue and (registration is None or registration.way == Way.ON_SITE):
        lines.append(
            _("会場: %(place)s") % {"place": " ".join(filter(None, (seminar.venue, seminar.address)))}
        )
    if registration is not None:
        lines.append(
            _("受付番号: %(number)s（%(way)s、%(state)s）")
            % {
                "number": registration.number,
                "way": registration.get_way_display(),
                "state": registration.get_state_display(),
            }
        )
    return lines


def when(seminar: Seminar) -> str:
    starts, ends = timezone.localtime(seminar.starts_at), timezone.localtime(seminar.ends_at)
    first = f"{date_format(starts)} {time_format(starts)}"
    return (
        f"{first}–{time_format(ends)}"
        if starts.date() == ends.date()
        else f"{first} – {date_format(ends)} {time_format(ends)}"
    )


def _said(kind: str, one: SeminarRegistration, seminar: Seminar) -> tuple[str, str]:
    """Subject and first sentence."""
    until = timezone.localtime(one.offered_until) if one.offered_until else None
    match kind:
        case "taken" if one.state == one.State.WAITING:
            return _("キャンセル待ちを受け付けました"), _(
                "今は満席のため、キャンセル待ちとして受け付けました。席が空いたら、申し込みの順にメールで案内します。"
            )
        case "taken":
            return _("申し込みを受け付けました"), _("席を用意しました。当日お待ちしています。")
        case "again":
            return _("すでに申し込まれています"), _(
                "同じメールアドレスで、もう一度申し込みがありました。新しい申し込みは作っていません。"
                "覚えがなければ、このメールは無視してください。"
            )
        case "changed":
            return _("申し込みの内容が変わりました"), _("次の内容に変えました。")
        case "gone":
            return _("申し込みを取り消しました"), _("申し込みを取り消しました。")
        case "offer":
            return _("席が空きました"), _(
                "席が空きました。%(until)sまでに、下のページで「参加する」を押してください。過ぎると、次の人に案内します。"
            ) % {"until": f"{date_format(until)} {time_format(until)}" if until else ""}
        case "lapsed":
            return _("席の案内の期限が過ぎました"), _(
                "期限までに返事がなかったため、席を次の人に案内しました。参加したいときは、もう一度申し込んでください。"
            )
        case "week":
            return _("セミナーが近づきました"), _(
                "来られなくなったときは、早めに取り消してください。席を待っている人がいます。"
            )
        case "day":
            return _("セミナーはまもなくです"), _("お気をつけてお越しください。")
        case "called_off":
            return _("セミナーは中止になりました"), _("申し訳ありません。次のセミナーは中止になりました。")
        case "moved":
            return _("日時か会場が変わりました"), _(
                "次のとおり変わりました。都合が合わないときは、取り消してください。"
            )
        case "asked":
            return _("アンケートのお願い"), _(
                "ご参加ありがとうございました。アンケートに答えてください（1人1回、名前は聞きません）。"
            )
    return _("資料を公開しました"), _("セミナーの資料を、次のページから読めます。")
