"""Joint tourism: spots, routes, shareable plans, requests: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
