"""Shared staff and external experts: needs, registration, matching, agreements: over HTTP."""

from ninja import Router

router = Router()
