"""Joint projects under way: milestones, figures, reports, model sheets, mentoring: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
