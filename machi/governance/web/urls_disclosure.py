"""Addresses of information disclosure, below ``m/<code>/governance/``."""

from django.urls import path

from machi.governance.web import disclosure

urlpatterns = [
    path("disclosure/", disclosure.disclosure, name="disclosure"),
]
