"""Calls for joint projects: proposals, screening, reviews, ranking, selection, letters: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
