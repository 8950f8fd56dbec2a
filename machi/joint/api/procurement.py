"""Joint procurement: demand, lots, evaluation, award, who pays what: over HTTP."""

from ninja import Router

router = Router()
