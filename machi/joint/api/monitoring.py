"""Joint projects under way: milestones, figures, reports, model sheets, mentoring: over HTTP."""

from ninja import Router

router = Router()
