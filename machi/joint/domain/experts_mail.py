"""Letters to experts, who have no account: what happened, and the secret address of their own page.

The address is the same in all letters, so that a page kept as a bookmark goes on working; it can be named because it
is stored encrypted (``models.Expert.token``). Only who has lost it gets another, and then the one before opens nothing.
Letters name neither the expert nor anybody else: mail is no safe place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from machi.base.domain.mailing import letter, send
from machi.base.models import Consortium
from machi.base.scoping import in_consortium
from machi.joint.domain.experts_mail_words import Kind, words
from machi.joint.domain.experts_record import noted
from machi.joint.models import Expert, ExpertOffer
from machi.joint.models.experts import new_token


def page_of(expert: Expert, view: str = "expert_status") -> str:
    """The path of the expert's own page; it names the consortium, so that it opens for whoever comes first by it."""
    return f"{reverse(f'joint:{view}', args=[expert.via_id, expert.token])}?consortium={expert.consortium_id}"


def tell(consortium: int, expert: int, kind: Kind, offer: int = 0) -> None:
    """Sends a letter from the background; with the transaction it is called in, or not at all."""
    send_letter.enqueue(consortium, expert, kind.value, offer)


def tell_all(consortium: int, experts: Iterable[int], kind: Kind) -> None:
    for expert in experts:
        tell(consortium, expert, kind)


def find_lost(consortium: Consortium, email: str) -> None:
    """Sends a new address for each registration with this e-mail address, if there is one.

    Looking it up is the worker's, so that the answer takes as long for a stranger; the queue gets a keyed digest, for
    whoever asked has perhaps never been here.
    """
    look_for_lost.enqueue(consortium.pk, _known_by(email))


def drop_letters(expert: Expert) -> int:
    """Of an expert who is erased: those that wait, and traces of those that failed. How many."""
    return DBTaskResult.objects.filter(
        task_path__in=(send_letter.module_path, send_new_address.module_path),
        args_kwargs__args__0=expert.consortium_id,
        args_kwargs__args__1=expert.pk,
    ).delete()[0]


@letter
def send_letter(consortium: int, pk: int, kind: str, offer: int) -> None:
    with _the_expert(consortium, pk) as expert, translation.override(expert.language if expert else "ja"):
        if expert is None or not expert.email:
            return
        about = ExpertOffer.objects.select_related("posting__town").get(pk=offer) if offer else None
        told = words(Kind(kind), expert, about)
        if told is None:
            return
        subject, lines = told
        send(f"{expert.round}：{subject}", [*lines, "", *_where(expert)], expert.email)


@task()
def look_for_lost(consortium: int, known_by: str) -> None:
    with in_consortium(Consortium.objects.get(pk=consortium)):
        known = Expert.objects.filter(erased_at=None).order_by("pk").values_list("pk", "email")
        for pk, email in known:
            if email and constant_time_compare(_known_by(email), known_by) and not _waits(consortium, pk):
                send_new_address.enqueue(consortium, pk)


@letter
def send_new_address(consortium: int, pk: int) -> None:
    with _the_expert(consortium, pk) as expert, translation.override(expert.language if expert else "ja"):
        if expert is None or not expert.email:
            return
        expert.give_token(new_token())
        lines = [
            _("あなたのページの新しいアドレスです。前のアドレスは、もう使えません。"),
            _("頼んだ覚えがなくても、何もしなくてかまいません。アドレスは、このメールにしか書いていません。"),
            "",
            *_where(expert),
        ]
        # Sent first: while the mail server does not take it, the address that was kept goes on working.
        subject = _("あなたのページの新しいアドレス")
        send(f"{expert.round}：{subject}", lines, expert.email)
        with transaction.atomic():
            mine = Expert.objects.filter(pk=pk, erased_at=None)
            if mine.update(token=expert.token, token_digest=expert.token_digest):
                noted(expert.consortium, expert.via, None, "renew_address", f"expert:{pk}")


@contextmanager
def _the_expert(consortium: int, pk: int) -> Iterator[Expert | None]:
    with in_consortium(Consortium.objects.get(pk=consortium)):
        yield (
            Expert.objects.select_related("round", "consortium", "via", "town")
            .filter(pk=pk, erased_at=None)
            .first()
        )


def _waits(consortium: int, pk: int) -> bool:
    return DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        task_path=send_new_address.module_path,
        args_kwargs={"args": [consortium, pk], "kwargs": {}},
    ).exists()


def _known_by(email: str) -> str:
    return salted_hmac("machi.joint.experts_mail", email.strip().lower(), algorithm="sha256").hexdigest()


def _where(expert: Expert) -> list[str]:
    return [
        _("あなたのページ（秘密のアドレスです。ほかの人に見せないでください）"),
        f"{settings.MACHI_URL}{page_of(expert)}",
    ]
