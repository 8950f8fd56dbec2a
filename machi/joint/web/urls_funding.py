"""Programmes and subsidies, and cost-and-benefit sheets: addresses."""

from django.urls import URLPattern, path

from machi.joint.web import funding, funding_benefits, funding_checks

_SHEET = "benefits/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("programmes/", funding.programmes, name="programmes"),
    path("programmes/add/", funding.add_programme, name="add_programme"),
    path("programmes/import/", funding.import_programmes, name="import_programmes"),
    path("programmes/import/take/", funding.take_programmes, name="take_programmes"),
    path("programmes/<int:pk>/", funding.programme, name="programme"),
    path("programmes/<int:pk>/change/", funding.change_programme, name="change_programme"),
    path("programmes/<int:pk>/withdraw/", funding.withdraw_programme, name="withdraw_programme"),
    path("funding/", funding_checks.funding_checks, name="funding_checks"),
    path("funding/new/", funding_checks.new_funding_check, name="new_funding_check"),
    path("funding/standing/", funding.standing, name="town_standing"),
    path("funding/<int:pk>/", funding_checks.funding_check, name="funding_check"),
    path("funding/<int:pk>/choose/", funding_checks.choose_funding, name="choose_funding"),
    path("benefits/", funding_benefits.benefits, name="benefits"),
    path("benefits/new/", funding_benefits.new_benefit, name="new_benefit"),
    path(_SHEET, funding_benefits.benefit, name="benefit"),
    path(f"{_SHEET}change/", funding_benefits.change_benefit, name="change_benefit"),
    path(f"{_SHEET}lines/", funding_benefits.benefit_lines, name="benefit_lines"),
    path(f"{_SHEET}fix/", funding_benefits.fix_benefit, name="fix_benefit"),
    path(f"{_SHEET}facts/<int:year>/", funding_benefits.benefit_facts, name="benefit_facts"),
    path(f"{_SHEET}sheet.<str:kind>", funding_benefits.benefit_file, name="benefit_file"),
]
