"""How a room registers itself: it subclasses RoomConfig in its apps.py, and nothing central is edited."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from django.apps import AppConfig, apps

if TYPE_CHECKING:
    from datetime import date, datetime

    import click
    from django.utils.functional import _StrPromise
    from ninja import Router

    from machi.base.models import Municipality, Person


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the staff menu, shown to those who hold ``permission`` in the current municipality."""

    label: str | _StrPromise
    view: str
    """Name of a view that takes the municipality's code."""
    permission: str
    group: str | _StrPromise = ""
    """Heading to stand under, after the rooms' own; empty: the room's."""


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One figure of how good an AI system is, measured and dated."""

    label: str | _StrPromise
    value: str | _StrPromise
    on: date | None
    """When it was measured; None: it counts up to now."""
    note: str | _StrPromise = ""


@dataclass(frozen=True, slots=True)
class AISystem:
    """What a room declares of an AI system it runs (the register of AI systems shows it as it stands).

    The last seven lines are the facts by which its risk is judged (``governance.engine.risk``).
    """

    key: str
    version: str
    """Changed whenever its results may change: a municipality approves one version."""
    title: str | _StrPromise
    purpose: str | _StrPromise
    inputs: str | _StrPromise
    """What goes into it."""
    method: str | _StrPromise
    """How it comes to its result, in plain words."""
    model: str | _StrPromise
    """Kind of model, with names and versions."""
    data: str | _StrPromise
    """What it rests on, and whether anything is learnt from what goes in."""
    reviewer: str | _StrPromise
    never: str | _StrPromise
    """What it never does."""
    users: Literal["staff", "residents"]
    """Who uses it, the widest circle."""
    work: Literal["informs", "proposes", "decides"]
    """Gives information; prepares what concerns a person's rights or safety; settles that."""
    training: Literal["none", "inside", "outside"]
    """Is anything confidential or personal learnt from, by ourselves or by somebody outside?"""
    judgement: Literal["each", "sources", "none"]
    """Staff look at each result before it counts; it is made of what staff published, and the rest goes to staff;
    nobody looks."""
    personal: bool
    """Personal information may go in or is kept."""
    outside: bool
    """Anything is sent outside this installation."""
    generates: bool
    """It writes text of its own."""
    quality: str = ""
    """``module:function``: the ``QualityLine``s of a municipality, newest measurement only; called in its scope."""
    evidence: Mapping[str, str | _StrPromise] = field(default_factory=dict)
    """Item of the checklist -> what there is to show for it, for a person to check and to confirm."""

    def measured(self, municipality: Municipality) -> Sequence[QualityLine]:
        return _load(self.quality)(municipality) if self.quality else ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """Work of others that a room ships, with the credit its licence asks for; shown on a page of its own."""

    title: str | _StrPromise
    by: str | _StrPromise
    licence: str | _StrPromise
    use: str | _StrPromise
    """What it is used for here."""
    url: str = ""
    text: str = ""
    """``package:file`` of the credit in full (Markdown), if one is shipped."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One fact of how a room's machinery stands in a municipality."""

    label: str | _StrPromise
    value: str | _StrPromise
    note: str | _StrPromise = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work of one kind that waits for a person in a municipality."""

    label: str | _StrPromise
    count: int
    view: str
    """Name of a view that takes the municipality's code."""
    query: str = ""
    """Of the address, where the view shows more than what waits: ``state=review``."""


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """A source of a ledger entry, shown as it was when the entry was made."""

    title: str
    about: str | _StrPromise
    """Where it stands: the collection it belongs to, its version."""
    before: str
    used: str
    """The place that was used, word for word, between what stands before and after it."""
    after: str
    url: str
    state: str
    """``same``, ``superseded``, ``withdrawn``, ``changed`` (not what was recorded) or ``gone``."""


@dataclass(frozen=True, slots=True)
class Erasable:
    """A kind of subject (``inquiry`` of ``inquiry:12``) whose personal data the room can erase."""

    kind: str
    erase: str
    """``module:function(municipality, pk, *, ground, reference, person)``; Refused where there is nothing."""
    expired: str
    """``module:function(municipality, now)``: numbers of those kept for as long as the municipality keeps them."""

    def load_erase(self) -> Callable[..., None]:
        return cast("Callable[..., None]", _load(self.erase))

    def load_expired(self) -> Callable[[Municipality, datetime], Sequence[int]]:
        return cast("Callable[[Municipality, datetime], Sequence[int]]", _load(self.expired))


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page of a municipality for everybody, linked at the foot of its pages."""

    label: str | _StrPromise
    view: str
    """Name of a view that takes the municipality's code."""


@dataclass(frozen=True, slots=True)
class Service:
    """Something a resident can do here themselves, such as apply for something."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SettingUpStep:
    """A thing to do before a municipality's residents can be served; ``done`` is computed, never ticked."""

    label: str | _StrPromise
    text: str | _StrPromise
    done: bool
    view: str
    """Name of the view (taking ``arguments``) where it is done."""
    permission: str
    """Who may do it there."""
    arguments: tuple[str, ...] = ()
    """After the municipality's code."""
    optional: bool = False


class RoomConfig(AppConfig):
    """A department of the house."""

    urls: ClassVar[str] = ""
    """Dotted path of the room's urls module."""
    mount: ClassVar[str] = ""
    api: ClassVar[str] = ""
    """``module:router``"""
    commands: ClassVar[str] = ""
    """``module:commands``, a sequence of click commands."""
    sample: ClassVar[str] = ""
    """``module:load``: fills the room for the sample consortium; safe to call again."""
    start: ClassVar[str] = ""
    """``module:function``: called once whenever ``machi run`` begins."""
    welcome: ClassVar[str] = ""
    """Name of the view (taking the municipality's code) with which residents begin; the first room's counts."""
    status: ClassVar[str] = ""
    """``module:function``: the ``StatusLine``s of a municipality; called inside its scope."""
    waiting: ClassVar[str] = ""
    """``module:function``: what ``Waiting`` there is in a municipality for a person; called inside its scope."""
    setting_up: ClassVar[str] = ""
    """``module:function``: the ``SettingUpStep``s of a municipality; called inside its scope."""
    public_pages: ClassVar[Sequence[PublicPage]] = ()
    services: ClassVar[str] = ""
    """``module:function``: the ``Service``s of a municipality that fit a resident's question, best first; called
    inside its scope."""
    approval: ClassVar[str] = ""
    """``module:function``: in which of some municipalities an ``AISystem`` may not run, and why, by their codes
    (``base.running``)."""
    daily: ClassVar[str] = ""
    """``module:function``: called once a day for each live municipality, inside its scope; safe to repeat."""
    ledger_kinds: ClassVar[Mapping[str, str | _StrPromise]] = {}
    """What is said for the ``kind`` of a ledger entry."""
    ledger_systems: ClassVar[Mapping[str, str | _StrPromise]] = {}
    """What is said for the ``system`` of an entry that is no AI system (``room.function``)."""
    ledger_subjects: ClassVar[Mapping[str, str | _StrPromise]] = {}
    """What is said for the first word of an entry's ``subject`` (``inquiry`` of ``inquiry:12``)."""
    ledger_sources: ClassVar[str] = ""
    """``module:function``: a ``LedgerSource`` or None for each of an entry's sources; called inside its scope."""
    erasables: ClassVar[Sequence[Erasable]] = ()
    menu: ClassVar[Sequence[MenuEntry]] = ()
    ai_systems: ClassVar[Sequence[AISystem]] = ()
    attributions: ClassVar[Sequence[Attribution]] = ()

    default = False  # a room's apps.py imports this class, and Django must take the room's own

    def __init_subclass__(cls) -> None:
        cls.default = True

    def load_api(self) -> Router | None:
        return _load(self.api) if self.api else None

    def load_commands(self) -> Sequence[click.Command]:
        return _load(self.commands) if self.commands else ()

    def load_sample(self) -> Callable[[], None] | None:
        return _load(self.sample) if self.sample else None

    def begin(self) -> None:
        if self.start:
            _load(self.start)()

    def status_lines(self, municipality: Municipality) -> Sequence[StatusLine]:
        return _load(self.status)(municipality) if self.status else ()

    def setting_up_steps(self, municipality: Municipality) -> Sequence[SettingUpStep]:
        return _load(self.setting_up)(municipality) if self.setting_up else ()

    def services_for(self, municipality: Municipality, question: str) -> Sequence[Service]:
        return _load(self.services)(municipality, question) if self.services else ()

    def why_not(self, municipalities: Sequence[Municipality], system: AISystem) -> Mapping[str, str]:
        return _load(self.approval)(municipalities, system) if self.approval else {}

    def each_day(self, municipality: Municipality) -> None:
        if self.daily:
            _load(self.daily)(municipality)

    def sources_as_they_were(self, sources: Sequence[Mapping[str, Any]]) -> Sequence[LedgerSource | None]:
        return _load(self.ledger_sources)(sources) if self.ledger_sources else [None] * len(sources)

    def waiting_for(self, person: Person, municipality: Municipality) -> Sequence[Waiting]:
        return _load(self.waiting)(municipality, person) if self.waiting else ()


def _load(reference: str) -> Any:
    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)


def rooms() -> list[RoomConfig]:
    """All rooms, base first, then in the order of INSTALLED_APPS."""
    found = [config for config in apps.get_app_configs() if isinstance(config, RoomConfig)]
    return sorted(found, key=lambda room: room.label != "base")


def ai_system(key: str) -> AISystem:
    """The declared AI system with this key; KeyError when no room declares it."""
    for room in rooms():
        for system in room.ai_systems:
            if system.key == key:
                return system
    raise KeyError(key)
