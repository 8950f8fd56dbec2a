"""The casework room over HTTP, one file a subject. Everything asks for a sign-in."""

from ninja import Router

from machi.casework.api import applications, drafting, exchange

router = Router()
router.add_router("", applications.router)
router.add_router("", exchange.router)
router.add_router("", drafting.router)
