"""Calls for joint projects: proposals, screening, reviews, ranking, selection, letters: over HTTP."""

from ninja import Router

router = Router()
