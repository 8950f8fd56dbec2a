"""Surveys and the self-assessment of AI maturity, over HTTP."""

from ninja import Router

router = Router()
