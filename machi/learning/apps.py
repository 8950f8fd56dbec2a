from itertools import chain
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from machi.base.rooms import MenuEntry, RoomConfig
from machi.learning.registration import cases, courses, discussion, exercises, follow_up, seminars, surveys

SUBJECTS = (courses, exercises, cases, discussion, follow_up, seminars, surveys)


class LearningConfig(RoomConfig):
    name = "machi.learning"
    label = "learning"
    verbose_name = _("学びの仕事")
    urls = "machi.learning.web.urls"
    mount = "m/<str:code>/learning/"
    api = "machi.learning.api:router"
    commands = "machi.learning.cli:commands"
    sample = "machi.learning.sample:load"
    waiting = "machi.learning.domain.waiting:waiting"
    daily = "machi.learning.domain.daily:each_day"
    menu = (
        MenuEntry(_("学び"), "learning:home", "learning.learn"),
        *chain.from_iterable(s.MENU for s in SUBJECTS),
    )
    public_pages = tuple(chain.from_iterable(s.PUBLIC_PAGES for s in SUBJECTS))
    ai_systems = tuple(chain.from_iterable(s.AI_SYSTEMS for s in SUBJECTS))
    ledger_kinds: ClassVar = dict(chain.from_iterable(s.LEDGER_KINDS.items() for s in SUBJECTS))
    ledger_systems: ClassVar = dict(chain.from_iterable(s.LEDGER_SYSTEMS.items() for s in SUBJECTS))
    ledger_subjects: ClassVar = dict(chain.from_iterable(s.LEDGER_SUBJECTS.items() for s in SUBJECTS))
    erasables = tuple(chain.from_iterable(s.ERASABLES for s in SUBJECTS))
    attributions = tuple(chain.from_iterable(s.ATTRIBUTIONS for s in SUBJECTS))

    def ready(self) -> None:
        from machi.learning import rules  # noqa: F401
