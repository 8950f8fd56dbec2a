"""Partners, cost models, blocks of towns: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
