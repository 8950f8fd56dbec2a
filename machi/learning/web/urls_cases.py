"""The case library: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
