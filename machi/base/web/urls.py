from django.urls import path
from django.views.i18n import set_language

from machi.base.web import home
from machi.base.web.access import public

app_name = "base"
urlpatterns = [
    path("", home.home, name="home"),
    path("language/", public(set_language), name="language"),
    path("healthz", home.health, name="health"),
    path("work/", home.work, name="work"),
]
