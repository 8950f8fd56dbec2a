"""The templates a town uses: machi's own and those it wrote."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, posted
from machi.casework.domain import drafting_templates as verbs
from machi.casework.domain.drafting_templates import Offered, offered
from machi.casework.engine.draft_templates import shipped_text
from machi.casework.models import DraftTemplate
from machi.casework.web.drafting import DRAFT
from machi.casework.web.drafting_forms import TemplateForm
from machi.casework.web.drafting_shown import breadcrumbs

DEFINE = "casework.define_templates"
KINDS = {
    "letter": gettext_lazy("手紙・回答"),
    "notice": gettext_lazy("お知らせ"),
    "council": gettext_lazy("議会答弁"),
    "article": gettext_lazy("広報の記事"),
    "easy": gettext_lazy("やさしい日本語"),
}
_A_PAGE = 25


@staff(DRAFT)
def templates(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    rows = [(one, KINDS[one.template.kind]) for one in offered().values()]
    if "format" in request.GET:
        columns = [_("記号"), _("種類"), _("名前"), _("版"), _("町のひな型")]
        listed = (
            (one.template.key, kind, one.template.title, one.template.version, one.own is not None)
            for one, kind in rows
        )
        return export(request, "draft-templates", columns, listed)
    context = {
        "title": _("文書のひな型"),
        "page_obj": Paginator(rows, _A_PAGE).get_page(request.GET.get("page")),
        "may_define": request.user.has_perm(DEFINE, municipality),
        "breadcrumbs": breadcrumbs(municipality, (_("文書のひな型"), "")),
    }
    return render(request, "casework/drafting/templates.html", context)


@staff(DRAFT)
def template(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    """As it is written, with its earlier versions."""
    found = _offered(key)
    context = {
        "title": found.template.title,
        "offered": found,
        "kind": KINDS[found.template.kind],
        "text": _text(found),
        "versions": DraftTemplate.objects.filter(key=key).select_related("made_by").order_by("-made_at"),
        "may_define": request.user.has_perm(DEFINE, municipality),
        "breadcrumbs": _below(municipality, found.template.title),
    }
    return render(request, "casework/drafting/template.html", context)


@staff(DEFINE)
def add(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """Written as JSON; ``?from=`` begins with one that there is."""
    initial = {}
    if begun := offered().get(request.GET.get("from", "letter-reply")):
        initial["text"] = _text(begun)
    form = TemplateForm(posted(request), initial=initial)
    list_url = reverse("casework:draft_templates", args=[municipality.code])
    return acted(
        request,
        form,
        lambda: verbs.add_template(municipality, visitor(request), form.cleaned_data["text"]),
        onward=list_url,
        done=_("ひな型を登録しました。"),
        title=_("町のひな型を登録する"),
        lead=_(
            "記号（key）が同じものがあれば、その代わりに使われます。版（version）は毎回変えてください。"
            "書き方は docs/casework-drafting.md の「ひな型」にあります。"
        ),
        submit=_("登録する"),
        cancel_url=list_url,
        breadcrumbs=_below(municipality, _("登録する")),
    )


@staff(DEFINE)
def withdraw(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    one = get_object_or_404(DraftTemplate, key=key, active=True)
    list_url = reverse("casework:draft_templates", args=[municipality.code])
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.withdraw_template(one, visitor(request)),
        onward=list_url,
        done=_("ひな型を使わないようにしました。"),
        title=_("「%(name)s」を使うのをやめますか") % {"name": one.title},
        consequence=_("同じ記号のひな型がmachiにあれば、それに戻ります。作った下書きは変わりません。"),
        submit=_("使うのをやめる"),
        cancel_url=list_url,
        breadcrumbs=_below(municipality, one.title),
    )


def _offered(key: str) -> Offered:
    found = offered().get(key)
    if found is None:
        raise Http404
    return found


def _text(found: Offered) -> str:
    return found.own.text if found.own else shipped_text(found.template.key)


def _below(municipality: Municipality, here: str) -> list[tuple[str, str]]:
    return breadcrumbs(
        municipality,
        (_("文書のひな型"), reverse("casework:draft_templates", args=[municipality.code])),
        (here, ""),
    )
