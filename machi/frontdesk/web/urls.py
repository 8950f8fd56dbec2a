"""Addresses of the front desk of one municipality: what residents meet, and what staff work with."""

from machi.frontdesk.web import resident_urls, staff_urls

app_name = "frontdesk"
urlpatterns = [*resident_urls.urlpatterns, *staff_urls.urlpatterns]
