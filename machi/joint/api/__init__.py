"""The joint room over HTTP, one file a subject. Everything asks for a sign-in."""

from ninja import Router

from machi.joint.api import calls, experts, funding, monitoring, partners, places, procurement, tourism

router = Router()
router.add_router("", calls.router)
router.add_router("", monitoring.router)
router.add_router("", funding.router)
router.add_router("", partners.router)
router.add_router("", procurement.router)
router.add_router("", experts.router)
router.add_router("", places.router)
router.add_router("", tourism.router)
