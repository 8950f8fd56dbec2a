"""Shared staff and external experts: needs, registration, matching, agreements: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
