"""What people do with a draft: edit, go back, confirm, take as a file, erase."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.base import ledger
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.acting import acted
from machi.base.web.files import attached, letters_attached
from machi.base.web.forms import ConfirmForm, EraseForm, posted
from machi.casework.domain import drafting_edit as verbs
from machi.casework.domain import drafting_files as files
from machi.casework.domain import drafting_queries as queries
from machi.casework.domain.drafting_erasure import erase_draft
from machi.casework.domain.drafting_templates import SYSTEM
from machi.casework.engine.draft_pieces import as_text
from machi.casework.models import Draft
from machi.casework.web.drafting import DRAFT, ERASE
from machi.casework.web.drafting_forms import ConfirmDraftForm, EditForm, EditTranscriptForm
from machi.casework.web.drafting_shown import breadcrumbs, crumb

FILES = ("pdf", "docx", "md")


def _made(pk: int) -> Draft:
    """One that there is something of."""
    draft: Draft = get_object_or_404(queries.whole(), pk=pk, number__gt=0)
    return draft


@staff(DRAFT)
def edit(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    draft = _made(pk)
    initial = {"number": draft.number}
    if request.method != "POST":
        initial["text"] = as_text(verbs.body(draft).pieces)  # type: ignore[assignment]
    heard = draft.work == Draft.Work.TRANSCRIPT
    form = (EditTranscriptForm if heard else EditForm)(posted(request), initial=initial)
    return acted(
        request,
        form,
        lambda: verbs.edit(draft, visitor(request), form.cleaned_data["text"], form.cleaned_data["number"]),
        onward=draft.get_absolute_url(),
        done=_("保存しました。")
        if heard
        else _("保存しました。書きかえた文の出典は、同じ資料の中で探し直しました。"),
        title=_("書きかえる"),
        lead=_(
            "録音を聞きながら、言葉を直してください。話した人の名前は、時刻のうしろに「山本課長：」のように入れます。"
            "確かめた行からは、〔要確認：…〕を消してください。"
        )
        if heard
        else _("変えた文は、同じ資料に根拠があれば出典が付き、なければ「出典なし」になります。"),
        submit=_("新しい版として保存する"),
        cancel_url=draft.get_absolute_url(),
        breadcrumbs=breadcrumbs(municipality, crumb(draft), (_("書きかえる"), "")),
    )


@staff(DRAFT)
def restore(request: HttpRequest, municipality: Municipality, pk: int, number: int) -> HttpResponseBase:
    draft = _made(pk)
    name = {"number": number}
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.restore(draft, visitor(request), number),
        onward=draft.get_absolute_url(),
        done=_("第%(number)s版の内容に戻しました。") % name,
        title=_("第%(number)s版に戻しますか") % name,
        consequence=_("第%(number)s版と同じ内容の新しい版を作ります。いまの版も残ります。") % name,
        submit=_("戻す"),
        cancel_url=draft.get_absolute_url(),
        breadcrumbs=breadcrumbs(municipality, crumb(draft), (_("前の版に戻す"), "")),
    )


@staff(DRAFT)
def confirm(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    draft = _made(pk)
    form = ConfirmDraftForm(draft, posted(request), initial={"number": draft.number})
    return acted(
        request,
        form,
        lambda: verbs.confirm(
            draft,
            visitor(request),
            form.cleaned_data["number"],
            unsourced_checked=bool(form.cleaned_data.get("unsourced_checked")),
        ),
        onward=draft.get_absolute_url(),
        done=_("確認しました。書き出すファイルから「職員の確認前」の表示が消えます。"),
        title=_("確認する"),
        consequence=_(
            "あなたの名前で、この版を確認したことを台帳に残します。あとで書きかえると、また未確認に戻ります。"
        ),
        submit=_("確認する"),
        cancel_url=draft.get_absolute_url(),
        breadcrumbs=breadcrumbs(municipality, crumb(draft), (_("確認する"), "")),
    )


@staff(DRAFT)
def file(request: HttpRequest, municipality: Municipality, pk: int, kind: str) -> HttpResponse:
    """Word, PDF or Markdown; ``?sources=1`` keeps the numbers of the sources in a confirmed one."""
    if kind not in FILES:
        raise Http404
    draft = _made(pk)
    with_sources = request.GET.get("sources") == "1"
    name = f"{draft.work}-{pk}-v{draft.number}"
    with override("ja"):  # the file is the town's document, whatever language its writer works in
        if kind == "md":
            text = files.markdown(draft, with_sources=with_sources)
            answer = attached(text.encode(), f"{name}.md", "text/markdown; charset=utf-8")
        else:
            answer = letters_attached([files.letter(draft, with_sources=with_sources)], name, kind)
    ledger.record(
        municipality,
        system=SYSTEM,
        kind="drafting",
        subject=f"draft:{pk}",
        actor=visitor(request),
        outputs={"action": "exported", "format": kind, "version": draft.number, "state": draft.state},
    )
    return answer


@staff(ERASE)
def erase(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    draft = get_object_or_404(Draft, pk=pk)
    form = EraseForm(posted(request))
    return acted(
        request,
        form,
        lambda: erase_draft(
            municipality,
            pk,
            ground=form.cleaned_data["ground"],
            reference=form.cleaned_data["reference"],
            person=visitor(request),
        ),
        onward=breadcrumbs(municipality)[0][1],
        done=_("消去しました。"),
        title=_("消去しますか"),
        consequence=_(
            "すべての版と、渡された文章を消去します。元には戻せません。台帳には消去したことだけが残ります。"
        ),
        danger=True,
        submit=_("消去する"),
        cancel_url=draft.get_absolute_url(),
        breadcrumbs=breadcrumbs(municipality, crumb(draft), (_("消去する"), "")),
    )
