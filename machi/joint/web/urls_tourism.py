"""Joint tourism: spots, routes, shareable plans, requests: addresses."""

from django.urls import URLPattern, path

from machi.joint.web import tourism_ask as outside
from machi.joint.web import tourism_plan as plans
from machi.joint.web import tourism_public as public
from machi.joint.web import tourism_requests as requests
from machi.joint.web import tourism_spots as spots

_PLAN = "visit/plans/<str:token>/"
_MINE, _THEIRS = "visit/requests/<str:token>/", "visit/answers/<str:token>/"
_SPOT, _REQUEST = "tourism/spots/<int:pk>/", "tourism/requests/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("visit/", public.visit, name="visit"),
    path("visit/spots/<int:pk>/", public.spot, name="visit_spot"),
    path("visit/spots/<int:pk>/pick/", public.pick, name="visit_pick"),
    path("visit/plan/", plans.planner, name="visit_planner"),
    path(_PLAN, plans.plan, name="visit_plan"),
    path(f"{_PLAN}route.ics", plans.plan_calendar, name="visit_calendar"),
    path(f"{_PLAN}route.pdf", plans.plan_leaflet, name="visit_leaflet"),
    path(f"{_PLAN}day-<int:day>.svg", plans.plan_map, name="visit_map"),
    path(f"{_PLAN}ask/<int:pk>/", outside.ask, name="visit_ask"),
    path(_MINE, outside.visitor_request, name="visitor_request"),
    path(f"{_MINE}<slug:act>/", outside.visitor_act, name="visitor_act"),
    path(_THEIRS, outside.operator_request, name="operator_request"),
    path("tourism/spots/", spots.spots, name="spots"),
    path("tourism/spots/add/", spots.add_spot, name="add_spot"),
    path("tourism/spots/import/", spots.import_spots, name="import_spots"),
    path("tourism/spots/import/<int:pk>/", spots.import_spots_preview, name="import_spots_preview"),
    path(_SPOT, spots.spot, name="spot"),
    path(f"{_SPOT}change/", spots.change_spot, name="change_spot"),
    path(f"{_SPOT}publish/", spots.publish_spot, name="publish_spot"),
    path("tourism/requests/", requests.requests, name="visit_requests"),
    path(_REQUEST, requests.visit_request, name="visit_request"),
    path(f"{_REQUEST}erase/", requests.erase_visit_request, name="erase_visit_request"),
    path("tourism/gains/", requests.gains, name="visit_gains"),
]
