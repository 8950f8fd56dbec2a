"""Follow-up: plans, check-ins, use in real work, effect, over HTTP."""

from ninja import Router

router = Router()
