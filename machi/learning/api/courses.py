"""Courses: curriculum, cohorts, enrolment, progress, certificates, over HTTP."""

from ninja import Router

router = Router()
