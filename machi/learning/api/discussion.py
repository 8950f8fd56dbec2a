"""Discussion across towns, over HTTP."""

from ninja import Router

router = Router()
