"""Addresses of the casework room, one file a subject."""

from django.urls import URLPattern

from machi.casework.web.urls_applications import urlpatterns as applications
from machi.casework.web.urls_drafting import urlpatterns as drafting

app_name = "casework"

urlpatterns: list[URLPattern] = [*applications, *drafting]
