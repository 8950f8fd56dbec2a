"""From an opened municipality to one that serves residents: what is there to do, and what of it is done."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.models import Appointment, Municipality, Person, Role
from machi.base.rooms import SettingUpStep, rooms

MANAGE = "base.manage_people"


def steps(municipality: Municipality) -> list[SettingUpStep]:
    """Of all rooms, in the order in which they are best done."""
    return [step for room in rooms() for step in room.setting_up_steps(municipality)]


def base_steps(municipality: Municipality) -> Sequence[SettingUpStep]:
    """The people, and how the town is reached."""
    able = set(
        Appointment.objects.filter(municipality=municipality, person__is_active=True).values_list(
            "role", flat=True
        )
    )
    signed_in_once = Appointment.objects.filter(
        municipality=municipality, role=Role.ADMINISTRATOR, person__is_active=True
    ).exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return [
        SettingUpStep(
            _("システム管理者がパスワードを設定する"),
            _("最初の管理者に渡したリンクから設定します。"),
            signed_in_once.exists(),
            "base:people",
            MANAGE,
        ),
        SettingUpStep(
            _("AI責任者（CAIO）を決める"),
            _("AIシステムを審査して承認し、いつでも止められる人です。"),
            Role.AI_OFFICER in able,
            "base:person_create",
            MANAGE,
        ),
        SettingUpStep(
            _("窓口職員を決める"),
            _("AIが答えられない質問に答える人です。"),
            Role.CLERK in able,
            "base:person_create",
            MANAGE,
        ),
        SettingUpStep(
            _("代表電話を登録する"),
            _("住民の画面に「電話で聞く」として出ます。登録しないと公式サイトだけが出ます。"),
            bool(municipality.telephone),
            "base:contact",
            MANAGE,
            optional=True,
        ),
    ]


@transaction.atomic
def set_telephone(municipality: Municipality, *, by: Person, telephone: str) -> None:
    """The number residents are told to call; empty: none."""
    if not by.has_perm(MANAGE, municipality):
        raise PermissionDenied
    municipality.telephone = telephone
    municipality.save(update_fields=["telephone"])
    ledger.record(
        municipality,
        system="base.people",
        kind="setting",
        subject="municipality",
        actor=by,
        outputs={"action": "telephone", "telephone": telephone},
    )
