"""The procedures that come with machi, from ``machi/casework/data/procedures``."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from machi.casework.engine.procedures import Procedure, blank_pdf, load

_FOLDER = "data/procedures"


@lru_cache(maxsize=1)
def shipped() -> dict[str, Procedure]:
    """By their keys, in the order of their titles."""
    found = [load(one) for one in _folders()]
    return {one.key: one for one in sorted(found, key=lambda one: one.about.title)}


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Of each, the first letters of a digest over its files: a rule that changes makes another version."""
    found = {}
    for folder in _folders():
        digest = hashlib.sha256()
        for name in ("procedure.json", "rules.json", "letters.json"):
            digest.update(folder.joinpath(name).read_bytes())
        found[folder.name] = digest.hexdigest()[:12]
    return found


@lru_cache(maxsize=16)
def blank(key: str, form: str) -> bytes:
    """The blank form as PDF; set on first use."""
    return blank_pdf(shipped()[key], form)


def content(one: Procedure) -> dict[str, object]:
    """What a town's copy keeps: its forms, the main one first, its rules, and who is who."""
    form_of = {field.key: form.key for form in one.forms for field in form.fields}
    roles = one.about.roles
    named = {"applicant": roles.applicant, "email": roles.email, "telephone": roles.telephone}
    main = form_of[roles.applicant]
    forms = [main, *(form.key for form in one.forms if form.key != main)]
    folder = next(folder for folder in _folders() if folder.name == one.key)
    return {
        "forms": forms,
        "rules": json.loads(folder.joinpath("rules.json").read_bytes()),
        "labels": one.labels(),
        "applicant": {name: f"{form_of[key]}.{key}" for name, key in named.items() if key},
    }


def working_days(one: Procedure) -> int:
    """Of the usual time for processing; calendar days are counted as five of seven."""
    told = one.about.processing
    return told.days if told.working_days else max(1, told.days * 5 // 7)


def _folders() -> list[Traversable]:
    return [one for one in files("machi.casework").joinpath(_FOLDER).iterdir() if one.is_dir()]
