"""Follow-up: plans, check-ins, use in real work, effect: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
