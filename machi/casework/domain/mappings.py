"""How files of other systems are laid out: the mappings that come with machi, and those a town wrote itself.

They serve both ways: applications are written by them and read by them. The first part of a key is the procedure's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.domain.record import SYSTEM
from machi.casework.domain.storing import forms_of
from machi.casework.engine.described import DescriptionError
from machi.casework.engine.output import OTHERS, Column, Mapping, read_mapping
from machi.casework.engine.types import FieldDefinition, FormDefinition
from machi.casework.models import OwnMapping, Procedure

LARGEST = 200_000
"""Characters of a definition."""
_WHY: dict[str, Promise] = {
    "either a field or a constant": gettext_lazy("field と constant のどちらか一つだけを書いてください。"),
    "a column of fixed width has one": gettext_lazy("固定長の列には幅（width）が要ります。"),
    "not a whole number of wide blanks": gettext_lazy("幅（width）が全角の空白で割り切れません。"),
    "only numbers are padded with zeros": gettext_lazy("0で埋められるのは、数（number）だけです。"),
    "one code for two values": gettext_lazy("一つの記号が、二つの値に使われています。"),
    "two columns of one title": gettext_lazy("同じ見出し（title）の列が二つあります。"),
    "no such key": gettext_lazy("この名前の項目はありません。"),
}
"""What the engine says, for people; what is not here is shown as it says it."""


@dataclass(frozen=True, slots=True)
class Offered:
    mapping: Mapping
    text: str
    """Its definition, as it was written."""
    own: OwnMapping | None
    """None: machi's own."""


def offered() -> dict[str, Offered]:
    """By key, those for the procedures in use here; a town's own stands in the place of machi's of the same key."""
    found = {key: Offered(mapping, text, None) for key, (mapping, text) in _shipped().items()}
    for row in OwnMapping.objects.filter(active=True):
        found[row.key] = Offered(read_mapping(row.text, row.key), row.text, row)
    used = set(Procedure.objects.values_list("key", flat=True))
    return {key: found[key] for key in sorted(found) if procedure_key(key) in used}


def the(key: str) -> Mapping:
    """Refused where none of this key is used here, naming those that are."""
    found = offered()
    if key not in found:
        raise Refused(
            _("「%(key)s」という形はありません。あるもの: %(keys)s")
            % {"key": key, "keys": "、".join(found) or _("なし")},
            "mapping",
        )
    return found[key].mapping


def procedure_key(key: str) -> str:
    return key.partition(".")[0]


def faults(mapping: Mapping, forms: Sequence[FormDefinition]) -> list[str]:
    """Columns of fields that no form has, or with codes for options that the field has not."""
    known = {field.key: field for form in forms for field in form.fields}
    found = []
    for column in mapping.columns:
        field = known.get(column.field)
        if column.field and field is None and column.field not in OTHERS:
            found.append(_("「%(column)s」の欄（%(field)s）は、様式にありません。") % _named(column))
        if field and field.options and set(column.codes) - {option.key for option in field.options}:
            found.append(
                _("「%(column)s」の記号（codes）に、様式の選択肢にないものがあります。") % _named(column)
            )
    return found


def _named(column: Column) -> dict[str, str]:
    return {"column": column.title, "field": column.field}


def fields_for(mapping: Mapping) -> dict[str, FieldDefinition]:
    """The fields of its procedure's forms, by key."""
    procedure = Procedure.objects.filter(key=procedure_key(mapping.key)).first()
    return {field.key: field for form in forms_of(procedure) for field in form.fields} if procedure else {}


def check(text: str) -> Mapping:
    """What the definition says. Refused with the place and what is wrong with it."""
    if len(text) > LARGEST:
        raise Refused(_("定義が大きすぎます。"), "text")
    try:
        mapping = read_mapping(text, "")
    except DescriptionError as error:
        why = str(_WHY.get(error.why, error.why))
        raise Refused(
            _("「%(where)s」を直してください：%(what)s") % {"where": error.place, "what": why}
            if error.place
            else _("定義（JSON）として読めません：%(what)s") % {"what": why},
            "text",
        ) from None
    procedure = Procedure.objects.filter(key=procedure_key(mapping.key)).first()
    if procedure is None or "." not in mapping.key or len(mapping.key) > 80:
        raise Refused(
            _("「key」を直してください：使っている手続の記号と「.」で始めます。例: %(example)s")
            % {"example": f"{_an_example()}.system-a"},
            "text",
        )
    if wrong := faults(mapping, forms_of(procedure)):
        raise Refused(" ".join(wrong), "text")
    return mapping


@transaction.atomic
def add(municipality: Municipality, person: Person, text: str, *, replace: bool = False) -> OwnMapping:
    """A version of the town's own. Refused where one of its key is used already, unless it is to be replaced; versions
    before it are used no longer and stay."""
    mapping = check(text)
    if mapping.key in offered() and not replace:
        raise Refused(
            _(
                "「%(key)s」はすでにあります。代わりに使うときは「置き換える」に印を付けてください"
                "（コマンドでは --replace）。"
            )
            % {"key": mapping.key},
            "replace",
        )
    before = OwnMapping.objects.filter(key=mapping.key)
    version = (before.aggregate(last=Max("version"))["last"] or 0) + 1
    before.filter(active=True).update(active=False)
    made = OwnMapping.objects.create(
        municipality=municipality,
        key=mapping.key,
        version=version,
        title=mapping.title[:120],
        text=text,
        made_by=person,
    )
    _record(made, person, "add_mapping")
    return made


@transaction.atomic
def withdraw(one: OwnMapping, person: Person) -> None:
    """Used no longer; machi's own of the same key, if there is one, stands in its place again."""
    one.active = False
    one.save(update_fields=["active"])
    _record(one, person, "withdraw_mapping")


@lru_cache(maxsize=1)
def _shipped() -> dict[str, tuple[Mapping, str]]:
    folder = files("machi.casework").joinpath("data/outputs")
    texts = [one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".json")]
    return {json.loads(text)["key"]: (read_mapping(text), text) for text in texts}


def _an_example() -> str:
    return Procedure.objects.order_by("key").values_list("key", flat=True).first() or "park-event-permit"


def _record(one: OwnMapping, person: Person, action: str) -> None:
    ledger.record(
        one.municipality,
        system=SYSTEM,
        kind="setting",
        subject=f"mapping:{one.pk}",
        actor=person,
        inputs={"mapping": one.text},
        outputs={"action": action, "key": one.key, "version": one.version},
    )
