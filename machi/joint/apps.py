from itertools import chain
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from machi.base.rooms import Attribution, MenuEntry, RoomConfig
from machi.joint.registration import (
    calls,
    experts,
    funding,
    monitoring,
    partners,
    places,
    procurement,
    tourism,
)

SUBJECTS = (calls, monitoring, funding, partners, procurement, experts, places, tourism)


class JointConfig(RoomConfig):
    name = "machi.joint"
    label = "joint"
    verbose_name = _("共同の仕事")
    urls = "machi.joint.web.urls"
    mount = "m/<str:code>/joint/"
    api = "machi.joint.api:router"
    commands = "machi.joint.cli:commands"
    sample = "machi.joint.sample:load"
    waiting = "machi.joint.domain.waiting:waiting"
    menu = (MenuEntry(_("共同体"), "joint:home", "joint.see"), *chain.from_iterable(s.MENU for s in SUBJECTS))
    public_pages = tuple(chain.from_iterable(s.PUBLIC_PAGES for s in SUBJECTS))
    ai_systems = tuple(chain.from_iterable(s.AI_SYSTEMS for s in SUBJECTS))
    ledger_kinds: ClassVar = dict(chain.from_iterable(s.LEDGER_KINDS.items() for s in SUBJECTS))
    ledger_systems: ClassVar = dict(chain.from_iterable(s.LEDGER_SYSTEMS.items() for s in SUBJECTS))
    ledger_subjects: ClassVar = dict(chain.from_iterable(s.LEDGER_SUBJECTS.items() for s in SUBJECTS))
    erasables = (*partners.ERASABLES, *experts.ERASABLES, *places.ERASABLES, *tourism.ERASABLES)
    attributions = (
        Attribution(
            title=_("SSDSE-A-2025（市区町村の125の指標）"),
            by=_("独立行政法人 統計センター"),
            licence=_("政府標準利用規約（第2.0版）"),
            use=_("費用のモデル、相手さがし"),
            text="machi.joint.data:ATTRIBUTION.md",
        ),
        Attribution(
            title=_("国土数値情報（行政区域データ）2021年"),
            by=_("国土交通省（smartnews-smri/japan-topography による加工）"),
            licence=_("国土数値情報の利用約款"),
            use=_("市区町村の境界の地図、隣り合う町（変えた点は上の説明のとおり）"),
        ),
        *chain.from_iterable(s.ATTRIBUTIONS for s in SUBJECTS),
    )

    def ready(self) -> None:
        from machi.joint import rules  # noqa: F401
