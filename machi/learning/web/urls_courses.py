"""Courses: curriculum, cohorts, enrolment, progress, certificates: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
