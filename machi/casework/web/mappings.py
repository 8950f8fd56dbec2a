"""How files of other systems are laid out: machi's own mappings and those the town wrote."""

from __future__ import annotations

from typing import Any

from django import forms
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
from machi.base.web.files import attached
from machi.base.web.forms import ConfirmForm
from machi.casework.domain import mappings as verbs
from machi.casework.domain.mappings import Offered
from machi.casework.domain.mappings_words import column_rows, described
from machi.casework.models import OwnMapping
from machi.casework.web.applications import PROCESS
from machi.casework.web.procedures import DEFINE

_A_PAGE = 25


class MappingForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("定義のファイル（JSON）"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )
    text = forms.CharField(
        label=gettext_lazy("定義を書く"),
        required=False,
        help_text=gettext_lazy("ファイルを選んだときは、空けておきます。"),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )
    replace = forms.BooleanField(
        label=gettext_lazy("同じ記号（key）の形があれば、置き換える"), required=False
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if bool(given.get("file")) == bool(given.get("text")):
            raise forms.ValidationError(_("ファイルを選ぶか、定義を書くか、どちらか一つにしてください。"))
        if file := given.get("file"):
            data = file.read(verbs.LARGEST * 4 + 1)
            try:
                given["text"] = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("文字コードがUTF-8ではありません。"))
        return given


@staff(PROCESS)
def mappings(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    found = list(verbs.offered().values())
    if "format" in request.GET:
        columns = [_("記号"), _("名前"), _("ファイル"), _("町の形"), _("版")]
        rows = (
            (
                one.mapping.key,
                one.mapping.title,
                described(one.mapping),
                one.own is not None,
                one.own.version if one.own else "",
            )
            for one in found
        )
        return export(request, "mappings", columns, rows)
    context = {
        "title": _("受け渡しの形"),
        "page_obj": (page := Paginator(found, _A_PAGE).get_page(request.GET.get("page"))),
        "rows": [(one, described(one.mapping)) for one in page],
        "may_define": request.user.has_perm(DEFINE, municipality),
    }
    return render(request, "casework/imports/mappings.html", context)


@staff(PROCESS)
def mapping(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    """Its columns, its definition, its earlier versions; as a file, or as an empty table to fill in."""
    found = _offered(key)
    kind = request.GET.get("format", "")
    name = f"mapping-{key.replace('.', '-')}"
    if kind == "json":
        return attached(found.text.encode(), f"{name}.json", "application/json")
    if kind:
        return export(request, name, [column.title for column in found.mapping.columns], [])
    context = {
        "title": found.mapping.title,
        "offered": found,
        "about": described(found.mapping),
        "fixed": found.mapping.file == "fixed",
        "columns": column_rows(found.mapping, verbs.fields_for(found.mapping)),
        "versions": OwnMapping.objects.filter(key=key).select_related("made_by"),
        "may_define": request.user.has_perm(DEFINE, municipality),
        "breadcrumbs": _below(municipality, found.mapping.title),
    }
    return render(request, "casework/imports/mapping.html", context)


@staff(DEFINE)
def add_mapping(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    begun = request.GET.get("from", "")
    initial = {"text": _offered(begun).text} if begun else {}
    sent = request.method == "POST"
    form = MappingForm(request.POST if sent else None, request.FILES if sent else None, initial=initial)
    list_url = reverse("casework:mappings", args=[municipality.code])
    return acted(
        request,
        form,
        lambda: verbs.add(
            municipality,
            visitor(request),
            form.cleaned_data["text"],
            replace=form.cleaned_data["replace"],
        ),
        onward=lambda made: reverse("casework:mapping", args=[municipality.code, made.key]),
        done=_("形を登録しました。"),
        title=_("町の形を登録する"),
        lead=_(
            "記号（key）は、手続の記号と「.」で始めます。いまある形をもとにするときは、その形のページから始めてください。"
            "書き方は docs/casework-procedures.md の「Files of other systems」にあります。"
        ),
        submit=_("登録する"),
        cancel_url=list_url,
        breadcrumbs=_below(municipality, _("登録する")),
    )


@staff(DEFINE)
def withdraw_mapping(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    one = get_object_or_404(OwnMapping, key=key, active=True)
    list_url = reverse("casework:mappings", args=[municipality.code])
    return acted(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda: verbs.withdraw(one, visitor(request)),
        onward=list_url,
        done=_("形を使わないようにしました。"),
        title=_("「%(name)s」を使うのをやめますか") % {"name": one.title},
        consequence=_("同じ記号の形がmachiにあれば、それに戻ります。取り込んだ申請は変わりません。"),
        submit=_("使うのをやめる"),
        cancel_url=list_url,
        breadcrumbs=_below(municipality, one.title),
    )


def _offered(key: str) -> Offered:
    found = verbs.offered().get(key)
    if found is None:
        raise Http404
    return found


def _below(municipality: Municipality, here: str) -> list[tuple[str, str]]:
    return [(_("受け渡しの形"), reverse("casework:mappings", args=[municipality.code])), (here, "")]
