"""What others do with a case: the office publishes it or gives it back, a town adopts it and tells what came of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import posted
from machi.learning.domain import cases as verbs
from machi.learning.domain import cases_adoption as adoption
from machi.learning.domain.cases_duplicates import check
from machi.learning.models import CaseAdoption
from machi.learning.web.cases import below, the_case
from machi.learning.web.cases_forms import AdoptForm, ReasonForm, ResultForm, SubmitForm
from machi.learning.web.personal_form import asking


@member(verbs.REVIEW)
def publish(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, person = the_case(request, municipality, pk), visitor(request)
    form, alike = SubmitForm(posted(request)), check(found, municipality)
    form.ask(verbs.slips_of(found))
    return acted(
        request,
        form,
        asking(
            form,
            lambda: verbs.publish(
                found, municipality, person, checked=form.cleaned_data["personal_checked"], alike=alike
            ),
        ),
        done=_("公開しました。"),
        template="learning/cases/checked.html",
        case=found,
        missing=[],
        alike=alike,
        consequence=_("共同体のすべての町の職員が読み、取り入れられるようになります。"),
        **below(municipality, found, _("事例を公開しますか"), _("公開する")),
    )


@member(verbs.REVIEW)
def give_back(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_case(request, municipality, pk)
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.give_back(found, municipality, visitor(request), reason=form.cleaned_data["reason"]),
        done=_("差し戻しました。"),
        consequence=_("理由は、書いた町が読みます。"),
        **below(municipality, found, _("事例を差し戻す"), _("差し戻す")),
    )


@member(verbs.ADOPT)
def adopt(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_case(request, municipality, pk)
    form = AdoptForm(posted(request), municipality=municipality)
    return acted(
        request,
        form,
        lambda: adoption.adopt(found, municipality, visitor(request), form.cleaned_data),
        done=_("取り入れた町として登録しました。結果が出たら、ここから伝えてください。"),
        consequence=_("取り入れた町の名前と計画は、共同体のほかの町にも見えます。"),
        **below(municipality, found, _("この事例を取り入れる"), _("取り入れる")),
    )


@member(verbs.ADOPT)
def tell_result(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Of the own town's adoption of this case."""
    found = the_case(request, municipality, pk)
    own = get_object_or_404(CaseAdoption, case=found, town=municipality)
    form = ResultForm(posted(request), initial={name: getattr(own, name) for name in adoption.RESULT})
    return acted(
        request,
        form,
        lambda: adoption.tell_result(own, municipality, visitor(request), form.cleaned_data),
        done=_("結果を伝えました。"),
        consequence=_("うまくいかなかったことも伝えてください。事例の確かさは、すべての結果から決まります。"),
        **below(municipality, found, _("取り入れた結果を伝える"), _("伝える")),
    )
