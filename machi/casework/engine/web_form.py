"""A form of paper as it is asked on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from machi.casework.engine.procedures import Roles
from machi.casework.engine.types import FieldDefinition, FieldKind

PAPER_ONLY: frozenset[FieldKind] = frozenset({"seal", "my_number"})
"""Never asked on the web: nobody seals a screen (押印の見直し), and a My Number is only taken from somebody whose
identity is shown (番号法第16条), which a form cannot do."""


def asked(fields: Sequence[FieldDefinition], roles: Roles) -> list[FieldDefinition]:
    """The fields to ask, the applicant's own in the order in which people give them: name before reading, address
    before telephone. On paper the reading stands above the name, and what fits beside what decides. Sections and all
    other fields keep their places."""
    order = [
        key
        for key in (
            roles.applicant,
            roles.kana,
            roles.birth,
            roles.postal_code,
            roles.address,
            roles.telephone,
            roles.email,
        )
        if key
    ]
    shown = [one for one in fields if one.kind not in PAPER_ONLY]
    for section in {one.section for one in shown}:
        places = [at for at, one in enumerate(shown) if one.section == section and one.key in order]
        own = sorted((shown[at] for at in places), key=lambda one: order.index(one.key))
        for at, one in zip(places, own, strict=True):
            shown[at] = one
    return shown
