"""The list of drafts, summaries and minutes; one of them with its sources; the text it was made from."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.models import Municipality, Progress
from machi.base.web.access import staff
from machi.base.web.export import export
from machi.base.web.history import told
from machi.casework.domain import drafting_queries as queries
from machi.casework.domain.drafting_edit import body
from machi.casework.domain.drafting_files import label, letter_parts
from machi.casework.domain.drafting_words import ACTIONS, PARTS
from machi.casework.engine.draft_pieces import Body
from machi.casework.engine.speech_lines import clock
from machi.casework.models import Draft, DraftVersion
from machi.casework.web.drafting_shown import breadcrumbs, crumb, heard_lines, lines, shown

DRAFT, ERASE = "casework.draft", "casework.erase_drafts"
_A_PAGE, _LINES_A_PAGE = 25, 300


class DraftFilter(forms.Form):
    work = forms.ChoiceField(
        label=gettext_lazy("種類"),
        required=False,
        choices=[("", gettext_lazy("すべて")), *Draft.Work.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状態"),
        required=False,
        choices=[("", gettext_lazy("すべて")), *Draft.State.choices],
    )


@staff(DRAFT)
def drafts(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = DraftFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.drafts(wanted.get("work", ""), wanted.get("state", ""))
    if "format" in request.GET:
        columns = [
            _("番号"), _("種類"), _("題名"), _("状態"), _("版"), _("確かめる文"), _("モデル"), _("作成した人"),
            _("作成日時"), _("更新日時"), _("確認した人"), _("確認日時"),
        ]  # fmt: skip
        return export(request, "drafts", columns, (_row(one) for one in found.iterator(chunk_size=500)))
    context = {
        "title": _("下書き・要約・会議の記録"),
        "form": form,
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "filtered": bool(request.GET.get("work") or request.GET.get("state")),
    }
    return render(request, "casework/drafting/drafts.html", context)


@staff(DRAFT)
def draft(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = get_object_or_404(queries.whole(), pk=pk)
    progress = None if one.number else Progress.objects.filter(key=f"casework.draft:{pk}").first()
    if request.headers.get("HX-Request") == "true":
        return _how_far(request, one, progress)
    context: dict[str, Any] = {
        **_waiting(one, progress),
        "may_erase": request.user.has_perm(ERASE, municipality),
        "title": one.title,
        "draft": one,
        "label": label(one),
        "events": told(f"draft:{pk}", ACTIONS),
        "breadcrumbs": breadcrumbs(municipality, (one.title, "")),
    }
    if one.number:
        context["shown"] = shown(one, body(one))
        told_parts = letter_parts(one)
        context["parts"] = [(_(name), told_parts[key]) for key, name in PARTS.items() if told_parts.get(key)]
        context |= _heard(one, body(one))
        context["versions"] = one.versions.select_related("person").defer("body")
    return render(request, "casework/drafting/draft.html", context)


def _how_far(request: HttpRequest, one: Draft, progress: Progress | None) -> HttpResponseBase:
    """What the page that waits asks for; the whole page once there is something to see."""
    if one.state == Draft.State.WAITING:
        context = {"draft": one, **_waiting(one, progress)}
        return render(request, "casework/drafting/waiting.html", context)
    answer = HttpResponse()
    answer["HX-Refresh"] = "true"
    return answer


def _waiting(one: Draft, progress: Progress | None) -> dict[str, Any]:
    """How far it is, in words; of a recording in its own time."""
    if one.work != Draft.Work.TRANSCRIPT:
        return {"progress": progress, "doing": _("長い文書を読んでいます"), "how_far": ""}
    note = f"{clock(progress.done)} / {clock(progress.total)}" if progress and progress.total else ""
    return {"progress": progress, "doing": _("録音を文字にしています"), "how_far": note}


def _heard(one: Draft, said: Body) -> dict[str, Any]:
    """The lines of a transcript and their language; ``heard`` is None for whatever else."""
    if one.work != Draft.Work.TRANSCRIPT:
        return {"heard": None}
    return {"heard": heard_lines(said), "language": json.loads(one.asked)["language"]}


@staff(DRAFT)
def version(request: HttpRequest, municipality: Municipality, pk: int, number: int) -> HttpResponseBase:
    """An earlier version as it was."""
    one = get_object_or_404(queries.whole(), pk=pk)
    stored = get_object_or_404(DraftVersion.objects.select_related("person"), draft=one, number=number)
    name = _("第%(number)s版") % {"number": number}
    context = {
        "title": f"{one.title}（{name}）",
        "draft": one,
        "version": stored,
        "shown": shown(one, body(one, number)),
        **_heard(one, body(one, number)),
        "breadcrumbs": breadcrumbs(municipality, crumb(one), (name, "")),
    }
    return render(request, "casework/drafting/version.html", context)


@staff(DRAFT)
def given_text(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """The text that was handed in, by lines, with the cited place marked."""
    one = get_object_or_404(queries.given(), pk=pk)
    start, end = (_number(request.GET.get(name, "")) for name in ("start", "end"))
    found = lines(one.text or "", start, end)
    paginator = Paginator(found, _LINES_A_PAGE)
    cited = next((line.number for line in found if line.first), 1)
    page = request.GET.get("page") or (cited - 1) // _LINES_A_PAGE + 1
    drafts_of = list(one.drafts.defer("template_text", "asked")[:5])
    context = {
        "title": one.name,
        "given": one,
        "drafts": drafts_of,
        "page_obj": paginator.get_page(page),
        "breadcrumbs": breadcrumbs(municipality, *map(crumb, drafts_of[:1]), (one.name, "")),
    }
    return render(request, "casework/drafting/given.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _row(one: Draft) -> list[Any]:
    return [
        one.pk, one.get_work_display(), one.title, one.get_state_display(), one.number, one.unsourced,
        one.model, one.made_by.name if one.made_by else "", one.made_at, one.changed_at,
        one.confirmed_by.name if one.confirmed_by else "", one.confirmed_at,
    ]  # fmt: skip
