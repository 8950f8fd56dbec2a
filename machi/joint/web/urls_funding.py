"""Programmes and subsidies, and cost-and-benefit sheets: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
