"""Addresses of the gate to language models, below ``m/<code>/governance/``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
