"""Programmes and subsidies, and cost-and-benefit sheets: over HTTP."""

from ninja import Router

router = Router()
