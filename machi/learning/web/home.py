"""The learning room's first page: what there is to learn and to share, subject by subject."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.learning.apps import SUBJECTS


@member("learning.learn")
def home(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponse:
    person = visitor(request)
    entries = [
        {"label": entry.label, "url": reverse(entry.view, args=[municipality.code])}
        for subject in SUBJECTS
        for entry in subject.MENU
        if person.has_perm(entry.permission, municipality)
    ]
    return render(
        request,
        "learning/home.html",
        {
            "title": consortium,
            "entries": entries,
            "consortium": consortium,
            "consortia": request.consortia,  # type: ignore[attr-defined]
        },
    )


path_of_home = path("", home, name="home")
