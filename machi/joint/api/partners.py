"""Partners, cost models, blocks of towns: over HTTP."""

from ninja import Router

router = Router()
