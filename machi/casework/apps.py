from itertools import chain
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from machi.base.rooms import RoomConfig
from machi.casework.registration import applications, drafting

SUBJECTS = (applications, drafting)


class CaseworkConfig(RoomConfig):
    name = "machi.casework"
    label = "casework"
    verbose_name = _("申請と文書の仕事")
    urls = "machi.casework.web.urls"
    mount = "m/<str:code>/casework/"
    api = "machi.casework.api:router"
    commands = "machi.casework.cli:commands"
    menu = tuple(chain.from_iterable(s.MENU for s in SUBJECTS))
    public_pages = tuple(chain.from_iterable(s.PUBLIC_PAGES for s in SUBJECTS))
    ai_systems = tuple(chain.from_iterable(s.AI_SYSTEMS for s in SUBJECTS))
    ledger_kinds: ClassVar = dict(chain.from_iterable(s.LEDGER_KINDS.items() for s in SUBJECTS))
    ledger_systems: ClassVar = dict(chain.from_iterable(s.LEDGER_SYSTEMS.items() for s in SUBJECTS))
    ledger_subjects: ClassVar = dict(chain.from_iterable(s.LEDGER_SUBJECTS.items() for s in SUBJECTS))
    erasables = tuple(chain.from_iterable(s.ERASABLES for s in SUBJECTS))
    sample = "machi.casework.sample:load"
    waiting = "machi.casework.domain.waiting:waiting"
    services = "machi.casework.domain.offered:fitting"
    daily = "machi.casework.domain.daily:each_day"
    attributions = tuple(chain.from_iterable(s.ATTRIBUTIONS for s in SUBJECTS))

    def ready(self) -> None:
        from machi.casework import rules  # noqa: F401
