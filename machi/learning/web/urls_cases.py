"""The case library: addresses."""

from django.urls import URLPattern, path

from machi.learning.web import cases, cases_deciding, cases_writing

_ONE = "cases/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("cases/", cases.cases, name="cases"),
    path("cases/own/", cases.own_cases, name="own_cases"),
    path("cases/waiting/", cases.waiting, name="cases_waiting"),
    path("cases/new/", cases_writing.begin, name="begin_case"),
    path("cases/import/", cases_writing.import_cases, name="import_cases"),
    path(_ONE, cases.case, name="case"),
    path(f"{_ONE}change/", cases_writing.change, name="change_case"),
    path(f"{_ONE}submit/", cases_writing.submit, name="submit_case"),
    path(f"{_ONE}withdraw/", cases_writing.withdraw, name="withdraw_case"),
    path(f"{_ONE}attach/", cases_writing.attach, name="attach_to_case"),
    path(f"{_ONE}files/<int:file>/", cases_writing.file, name="case_file"),
    path(f"{_ONE}files/<int:file>/detach/", cases_writing.detach, name="detach_from_case"),
    path(f"{_ONE}publish/", cases_deciding.publish, name="publish_case"),
    path(f"{_ONE}return/", cases_deciding.give_back, name="return_case"),
    path(f"{_ONE}adopt/", cases_deciding.adopt, name="adopt_case"),
    path(f"{_ONE}result/", cases_deciding.tell_result, name="tell_case_result"),
]
