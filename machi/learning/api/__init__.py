"""The learning room over HTTP, one file a subject. Everything asks for a sign-in."""

from ninja import Router

from machi.learning.api import cases, courses, discussion, exercises, follow_up, seminars, surveys

router = Router()
for subject in (courses, exercises, cases, discussion, follow_up, seminars, surveys):
    router.add_router("", subject.router)
