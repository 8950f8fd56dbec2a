"""Addresses: sign-in, the API, and below them whatever each room registers."""

from django.urls import URLPattern, URLResolver, include, path

from machi.base.rooms import rooms
from machi.base.web import account
from machi.site.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/login/", account.sign_in, name="account_login"),
    path("account/email/", account.profile, name="account_email"),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
    *(path(room.mount, include(room.urls)) for room in rooms() if room.urls),
]

handler400 = "machi.base.web.errors.bad_request"
handler403 = "machi.base.web.errors.forbidden"
handler404 = "machi.base.web.errors.not_found"
handler500 = "machi.base.web.errors.server_error"
