"""The first pages: which town, and for staff, where to begin."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from machi.base.models import Municipality
from machi.base.web.access import public, signed_in


@public
def home(request: HttpRequest) -> HttpResponse:
    towns = Municipality.objects.filter(live=True).select_related("prefecture")
    return render(request, "base/home.html", {"towns": towns})


@public
def health(request: HttpRequest) -> HttpResponse:
    """For the watcher in front: 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@signed_in
def work(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    towns = list(request.user.municipalities().select_related("prefecture"))
    return render(request, "base/work.html", {"towns": towns})
