"""The procedures that come with machi, from ``machi/casework/data/procedures``."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from machi.casework.domain.procedure_data import PARTS, content_of
from machi.casework.engine.procedures import Procedure, blank_pdf, load

_FOLDER = "data/procedures"


@lru_cache(maxsize=1)
def shipped() -> dict[str, Procedure]:
    """By their keys, in the order of their titles."""
    found = [load(one) for one in _folders().values()]
    return {one.key: one for one in sorted(found, key=lambda one: one.about.title)}


def version(key: str) -> str:
    """The first letters of a digest over its files: a rule that changes makes another version."""
    digest = hashlib.sha256()
    for part in PARTS:
        digest.update(_folders()[key].joinpath(f"{part}.json").read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=16)
def blank(key: str, form: str) -> bytes:
    """The blank form as PDF; set on first use."""
    return blank_pdf(shipped()[key], form)


def content(key: str) -> dict[str, Any]:
    return content_of(_folders()[key], shipped()[key])


def working_days(one: Procedure) -> int:
    """Of the usual time for processing; of calendar days five of seven are counted."""
    told = one.about.processing
    return told.days if told.working_days else max(1, told.days * 5 // 7)


def _folders() -> dict[str, Traversable]:
    return {one.name: one for one in files("machi.casework").joinpath(_FOLDER).iterdir() if one.is_dir()}
