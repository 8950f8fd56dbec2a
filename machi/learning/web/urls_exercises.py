"""Exercises that check themselves, the practice room, spaced review: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
