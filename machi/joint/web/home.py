"""The joint room's first page: what goes on in the consortium, subject by subject."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.joint.apps import SUBJECTS


@member("joint.see")
def home(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponse:
    person = visitor(request)
    entries = [
        {"label": entry.label, "url": reverse(entry.view, args=[municipality.code])}
        for subject in SUBJECTS
        for entry in subject.MENU
        if person.has_perm(entry.permission, municipality)
    ]
    towns = Municipality.objects.filter(
        memberships__consortium=consortium, memberships__until__isnull=True
    ).select_related("prefecture")
    return render(
        request,
        "joint/home.html",
        {
            "title": consortium,
            "entries": entries,
            "towns": towns,
            "consortium": consortium,
            "consortia": request.consortia,  # type: ignore[attr-defined]
        },
    )


path_of_home = path("", home, name="home")
