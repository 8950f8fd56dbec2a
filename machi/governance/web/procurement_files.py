"""The files of a procurement check: Word and Excel, made anew each time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from machi.base.models import Municipality
from machi.base.web.access import staff
from machi.base.web.files import EXCEL, WORD, attached
from machi.governance.domain import procurement as checks
from machi.governance.domain import procurement_vendors as verbs
from machi.governance.domain.procurement_excel import answer_sheet, requirements_book, scores_book
from machi.governance.domain.procurement_word import Need, requirements_document
from machi.governance.models import Procurement
from machi.governance.web.procurement import CHECK, the_procurement
from machi.governance.web.procurement_vendors import known_answers, outs_in_words, the_vendor


@staff(CHECK)
@require_safe
def requirements_word(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    found = the_procurement(pk)
    need = Need(
        municipality.name,
        found.title,
        found.purpose,
        found.users_note,
        found.data_note,
        found.starts_on,
        found.answers_by,
    )
    data = requirements_document(need, checks.asked(found), checks.formula(found))
    return attached(data, f"procurement-{pk}-requirements.docx", WORD)


@staff(CHECK)
@require_safe
def requirements_excel(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    found = the_procurement(pk)
    data = requirements_book(found.title, checks.asked(found))
    return attached(data, f"procurement-{pk}-requirements.xlsx", EXCEL)


@staff(CHECK)
@require_safe
def blank_sheet(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    found = the_procurement(pk)
    data = answer_sheet(found.title, checks.asked(found))
    return attached(data, f"procurement-{pk}-answers.xlsx", EXCEL)


@staff(CHECK)
@require_safe
def vendor_sheet(request: HttpRequest, municipality: Municipality, pk: int, vendor: int) -> HttpResponse:
    known = the_vendor(pk, vendor)
    asked = checks.asked(known.procurement)
    data = answer_sheet(known.procurement.title, asked, known.name, known_answers(known))
    return attached(data, f"procurement-{pk}-answers-{vendor}.xlsx", EXCEL)


@staff(CHECK)
@require_safe
def scores_excel(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    found = the_procurement(pk)
    if found.state == Procurement.State.DRAFT:
        return redirect("governance:procurement", municipality.code, pk)
    compared = verbs.evaluation(found)
    titles = {one.code: one.title for one in checks.selected(found)}
    data = scores_book(
        found.title,
        compared.criteria,
        titles,
        {str(one.pk): (one.name, one.price) for one in compared.vendors},
        {one.vendor: one.points for one in compared.bids},
        compared.result,
        {one.vendor: outs_in_words(one.out, titles) for one in compared.result.scores},
    )
    return attached(data, f"procurement-{pk}-scores.xlsx", EXCEL)
