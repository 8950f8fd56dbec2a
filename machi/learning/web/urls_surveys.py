"""Surveys and the self-assessment of AI maturity: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
