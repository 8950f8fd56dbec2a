"""Addresses of the register of AI systems and their review, below ``m/<code>/governance/``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
