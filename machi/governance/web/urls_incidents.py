"""Addresses of incidents, below ``m/<code>/governance/``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
