"""The case library, over HTTP."""

from ninja import Router

router = Router()
