"""Exercises that check themselves, the practice room, spaced review, over HTTP."""

from ninja import Router

router = Router()
