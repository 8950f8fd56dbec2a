"""Welfare places across towns: wishes, allocation, letters: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
