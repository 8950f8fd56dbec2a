"""Joint procurement: demand, lots, evaluation, award, who pays what: addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
