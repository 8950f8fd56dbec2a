"""The HTTP API: one OpenAPI document, to which every room adds its router."""

from ninja import NinjaAPI

from machi import __version__
from machi.base.rooms import rooms
from machi.base.web.problems import install_problem_handlers

api = NinjaAPI(title="machi API", version=__version__, docs_url="docs/", urls_namespace="api")
install_problem_handlers(api)
for room in rooms():
    if router := room.load_api():
        api.add_router("", router, tags=[room.label])
