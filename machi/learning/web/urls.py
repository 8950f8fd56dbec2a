"""Addresses of the learning room, one file a subject."""

from django.urls import URLPattern

from machi.learning.web import home
from machi.learning.web.urls_cases import urlpatterns as cases
from machi.learning.web.urls_courses import urlpatterns as courses
from machi.learning.web.urls_discussion import urlpatterns as discussion
from machi.learning.web.urls_exercises import urlpatterns as exercises
from machi.learning.web.urls_follow_up import urlpatterns as follow_up
from machi.learning.web.urls_seminars import urlpatterns as seminars
from machi.learning.web.urls_surveys import urlpatterns as surveys

app_name = "learning"

urlpatterns: list[URLPattern] = [
    home.path_of_home,
    *courses,
    *exercises,
    *cases,
    *discussion,
    *follow_up,
    *seminars,
    *surveys,
]
