"""Addresses of the joint room, one file a subject."""

from django.urls import URLPattern

from machi.joint.web import home
from machi.joint.web.urls_calls import urlpatterns as calls
from machi.joint.web.urls_experts import urlpatterns as experts
from machi.joint.web.urls_funding import urlpatterns as funding
from machi.joint.web.urls_monitoring import urlpatterns as monitoring
from machi.joint.web.urls_partners import urlpatterns as partners
from machi.joint.web.urls_places import urlpatterns as places
from machi.joint.web.urls_procurement import urlpatterns as procurement
from machi.joint.web.urls_tourism import urlpatterns as tourism

app_name = "joint"

urlpatterns: list[URLPattern] = [
    home.path_of_home,
    *calls,
    *monitoring,
    *funding,
    *partners,
    *procurement,
    *experts,
    *places,
    *tourism,
]
