"""How a room registers itself: it subclasses RoomConfig in its apps.py, and nothing central is edited."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import AppConfig, apps

if TYPE_CHECKING:
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
class AISystem:
    """What a room declares of an AI system it runs (the register of AI systems shows it as it stands)."""

    key: str
    version: str
    title: str | _StrPromise
    purpose: str | _StrPromise
    method: str | _StrPromise
    """Kind of model and how it comes to its result, in plain words."""
    data: str | _StrPromise
    reviewer: str | _StrPromise
    never: str | _StrPromise
    """What it never does."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Work of others that a room ships, with the credit its licence asks for; shown on a page of its own."""

    title: str | _StrPromise
    by: str | _StrPromise
    licence: str
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
    approval: ClassVar[str] = ""
    """``module:function``: why an ``AISystem`` may not run in a municipality, None: it may (``base.running``)."""
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

    def why_not(self, municipality: Municipality, system: AISystem) -> str | None:
        return _load(self.approval)(municipality, system) if self.approval else None

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
