"""Joint tourism: spots, routes, shareable plans, requests: over HTTP."""

from ninja import Router

router = Router()
