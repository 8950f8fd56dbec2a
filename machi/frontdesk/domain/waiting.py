"""What the front desk says on the pages where staff begin: the work that waits, and how far its index is."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.models import Division, Municipality, Person
from machi.base.rooms import SettingUpStep, StatusLine, Waiting
from machi.frontdesk.domain import indexing, reports
from machi.frontdesk.models import Document, Faq


def waiting(municipality: Municipality, person: Person) -> list[Waiting]:
    """Inquiries to answer (of the person's own divisions, where they have some) and FAQs that another proposed."""
    if not person.has_perm("frontdesk.answer_inquiry", municipality):
        return []
    found = reports.queue()
    if mine := reports.own_divisions(person, municipality):
        found = found.filter(division_id__in=mine)
    figures = found.order_by().aggregate(
        all=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=timezone.now()))
    )
    proposals = Faq.objects.filter(state=Faq.State.PROPOSED).exclude(proposed_by=person).count()
    return [
        Waiting(_("期限を過ぎた問い合わせ"), figures["overdue"], "frontdesk:queue"),
        Waiting(_("回答を待っている問い合わせ"), figures["all"], "frontdesk:queue"),
        Waiting(_("承認を待っているよくある質問"), proposals, "frontdesk:faqs"),
    ]


def status(municipality: Municipality) -> list[StatusLine]:
    """How much of what is registered can be found."""
    index = indexing.status(municipality)
    return [
        StatusLine(_("言葉で探せる段落"), f"{index.indexed:,} / {index.passages:,}"),
        StatusLine(_("意味で探せる段落"), f"{index.embedded:,} / {index.passages:,}"),
    ]


def setting_up(municipality: Municipality) -> list[SettingUpStep]:
    """Who answers what, and what the desk answers from."""
    index = indexing.status(municipality)
    return [
        SettingUpStep(
            _("課を登録する"),
            _("質問が引き継がれる先です。担当する仕事の言葉で、行き先が決まります。"),
            Division.objects.exists(),
            "frontdesk:divisions",
            "frontdesk.manage_divisions",
        ),
        SettingUpStep(
            _("情報源を登録する"),
            _("AIは、ここに登録した文書だけから答えます。"),
            Document.objects.filter(current=True, source__active=True).exists(),
            "frontdesk:sources",
            "frontdesk.manage_sources",
        ),
        SettingUpStep(
            _("文書を探せるようにする"),
            _("登録すると、自動で進みます。意味で探す準備は、あとからついてきます。"),
            0 < index.passages <= index.indexed,
            "frontdesk:index_status",
            "frontdesk.see_sources",
        ),
    ]
