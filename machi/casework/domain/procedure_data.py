"""A town's copy of a procedure as the engines take it: description, rules and letters from its own row."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any

from machi.casework.engine.checking_rules import read_rules
from machi.casework.engine.described import described
from machi.casework.engine.procedures import Description, LetterKind, LetterText
from machi.casework.engine.procedures import Procedure as ProcedureData
from machi.casework.models import CaseForm, Procedure

PARTS = ("procedure", "rules", "letters")


def content_of(folder: Traversable, data: ProcedureData) -> dict[str, Any]:
    """What a row keeps of a shipped procedure: its three files, its forms (the main one first), who is who."""
    form_of = {field.key: form.key for form in data.forms for field in form.fields}
    roles = data.about.roles
    main = form_of[roles.applicant]
    named = {"applicant": roles.applicant, "email": roles.email, "telephone": roles.telephone}
    return {
        **{part: json.loads(folder.joinpath(f"{part}.json").read_bytes()) for part in PARTS},
        "forms": [main, *(form.key for form in data.forms if form.key != main)],
        "applicant": {name: f"{form_of[key]}.{key}" for name, key in named.items() if key},
    }


def data_of(procedure: Procedure) -> ProcedureData:
    """Without its forms, which are rows of their own (``storing.forms_of``). DescriptionError where it was damaged."""
    return _data(json.dumps({part: procedure.content[part] for part in PARTS}, sort_keys=True))


def labels_of(procedure: Procedure) -> dict[str, str]:
    """Words for fields and documents, for the reasons of rules."""
    found = data_of(procedure).labels()
    for stored in CaseForm.objects.filter(key__in=procedure.content["forms"], current=True):
        found |= {one["key"]: one["label"] for one in stored.definition["fields"]}
    return found


def options_of(procedure: Procedure) -> dict[str, dict[str, str]]:
    """By field that offers a choice, what is printed beside each option, by its key."""
    return {
        one["key"]: {option["key"]: option["label"] for option in one["options"]}
        for stored in CaseForm.objects.filter(key__in=procedure.content["forms"], current=True)
        for one in stored.definition["fields"]
        if one.get("options")
    }


@lru_cache(maxsize=64)
def _data(content: str) -> ProcedureData:
    given = json.loads(content)
    about: Description = described(Description, given["procedure"], "procedure")
    letters: dict[LetterKind, LetterText] = described(
        dict[LetterKind, LetterText], given["letters"], "letters"
    )
    return ProcedureData(about, (), read_rules(json.dumps(given["rules"]), "rules"), letters)
