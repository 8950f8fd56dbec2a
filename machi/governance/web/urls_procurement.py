"""Addresses of the AI procurement check, below ``m/<code>/governance/``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
