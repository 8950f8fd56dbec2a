"""drafting over HTTP."""

from ninja import Router

router = Router()
