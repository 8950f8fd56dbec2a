"""Welfare places across towns: wishes, allocation, letters: over HTTP."""

from ninja import Router

router = Router()
