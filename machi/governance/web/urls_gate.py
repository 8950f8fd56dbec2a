"""Addresses of the gate to language models, below ``m/<code>/governance/``."""

from django.urls import path

from machi.governance.web import gate, gate_exchange, gate_manage

urlpatterns = [
    path("gate/", gate.gate, name="gate"),
    path("gate/calls/", gate.calls, name="gate_calls"),
    path("gate/calls/<int:pk>/", gate_exchange.exchange, name="gate_call"),
    path("gate/settings/", gate_manage.settings, name="gate_settings"),
    path("gate/caps/", gate_manage.caps, name="gate_caps"),
    path("gate/destinations/add/", gate_manage.allow, name="gate_allow"),
    path("gate/destinations/<int:pk>/remove/", gate_manage.disallow, name="gate_disallow"),
    path("gate/endpoints/add/", gate_manage.add, name="gate_add"),
    path("gate/endpoints/<int:pk>/", gate_manage.endpoint, name="gate_endpoint"),
    path("gate/endpoints/<int:pk>/test/", gate_manage.test, name="gate_test"),
    path("gate/endpoints/<int:pk>/key/", gate_manage.key, name="gate_key"),
    path("gate/endpoints/<int:pk>/active/", gate_manage.active, name="gate_active"),
]
