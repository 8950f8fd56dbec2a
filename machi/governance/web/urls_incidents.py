"""Addresses of incidents, below ``m/<code>/governance/``."""

from django.urls import path

from machi.governance.web import incidents

urlpatterns = [
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/file/", incidents.file, name="file_incident"),
    path("incidents/<int:pk>/", incidents.incident, name="incident"),
    path("incidents/<int:pk>/facts/", incidents.facts, name="incident_facts"),
    path("incidents/<int:pk>/assign/", incidents.assign, name="assign_incident"),
    path("incidents/<int:pk>/note/", incidents.note, name="incident_note"),
    path("incidents/<int:pk>/contain/", incidents.contain, name="contain_incident"),
    path("incidents/<int:pk>/duties/<slug:duty>/", incidents.meet, name="meet_duty"),
    path("incidents/<int:pk>/close/", incidents.close, name="close_incident"),
    path("incidents/<int:pk>/reopen/", incidents.reopen, name="reopen_incident"),
    path("incidents/<int:pk>/suspend/<str:key>/", incidents.suspend, name="suspend_for_incident"),
]
