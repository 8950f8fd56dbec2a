"""Addresses of the governance room of one municipality, one module a subject."""

from machi.governance.web import (
    urls_disclosure,
    urls_gate,
    urls_incidents,
    urls_policy,
    urls_procurement,
    urls_register,
)

app_name = "governance"
urlpatterns = [
    *urls_register.urlpatterns,
    *urls_procurement.urlpatterns,
    *urls_gate.urlpatterns,
    *urls_policy.urlpatterns,
    *urls_incidents.urlpatterns,
    *urls_disclosure.urlpatterns,
]
