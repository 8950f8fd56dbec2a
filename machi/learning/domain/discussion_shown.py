"""How those who write are called: by town and number; by name where they chose so; by name too for moderators."""

from __future__ import annotations

from django.utils.translation import gettext as _

from machi.learning.models import Participant, Topic


def called(one: Participant) -> str:
    """For everybody. ``one.town`` and ``one.person`` are loaded."""
    number = {"number": one.number, "town": one.town, "name": one.person.name}
    if one.office:
        return _("共同事務局 @%(number)s") % number
    if one.named:
        return _("%(name)s（%(town)s）@%(number)s") % number
    return _("%(town)sの職員 @%(number)s") % number


def about(topic: Topic) -> str:
    """What a topic is of, in a word."""
    if topic.cohort is not None:
        return _("研修の回：%(title)s") % {"title": topic.cohort.title}
    if topic.course is not None:
        return _("研修：%(title)s") % {"title": topic.course.title}
    if topic.case is not None:
        return _("事例：%(title)s") % {"title": topic.case.title}
    return _("自由な話題")


def about_kind(topic: Topic) -> str:
    """``cohort``, ``course``, ``case`` or ``free``."""
    return next(
        (name for name in ("cohort", "course", "case") if getattr(topic, f"{name}_id") is not None), "free"
    )
