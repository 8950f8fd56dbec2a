"""The use rules of a municipality: drafted, then published for good.

A published version never changes; the digest of its text is in the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.engine.canonical import digest
from machi.base.models import LedgerEntry, Municipality, Person
from machi.base.rooms import rooms
from machi.governance.domain.permission import why_not
from machi.governance.engine.policy import Section, for_town, template
from machi.governance.models import PolicyVersion, RegisteredSystem

SYSTEM = "governance.policy"
State = PolicyVersion.State


def newest() -> PolicyVersion | None:
    """The version that everyone confirms, even before its first day."""
    return PolicyVersion.objects.filter(state=State.PUBLISHED).select_related("changed_by").first()


def in_force(on: date) -> PolicyVersion | None:
    """The version that holds on this day."""
    return PolicyVersion.objects.filter(state=State.PUBLISHED, effective_on__lte=on).first()


def draft() -> PolicyVersion | None:
    return PolicyVersion.objects.filter(state=State.DRAFT).select_related("changed_by").first()


def sections(version: PolicyVersion) -> list[Section]:
    return [Section(**one) for one in version.sections]


def content(version: PolicyVersion) -> dict[str, Any]:
    """What a published version says, as its digest covers it."""
    return {
        "number": version.number,
        "sections": version.sections,
        "follows": version.follows,
        "systems": version.systems,
        "material": version.material,
        "effective_on": version.effective_on.isoformat() if version.effective_on else "",
    }


def is_as_published(version: PolicyVersion) -> bool:
    """Does the text still have the digest that the ledger was given when it was published?"""
    entry = LedgerEntry.objects.filter(
        system=SYSTEM, subject=_subject(version), body__contains=digest(content(version))
    )
    return version.digest == digest(content(version)) and entry.exists()


def approved_systems(municipality: Municipality) -> list[dict[str, str]]:
    """The AI systems that may run here today, in Japanese, with the conditions of their approval."""
    conditions = dict(RegisteredSystem.objects.values_list("key", "conditions"))
    with translation.override("ja"):
        return [
            {
                "title": str(system.title),
                "purpose": str(system.purpose),
                "conditions": conditions.get(system.key, ""),
            }
            for room in rooms()
            for system in room.ai_systems
            if why_not(municipality, system) is None
        ]


@transaction.atomic
def begin(municipality: Municipality, person: Person) -> PolicyVersion:
    """A draft: of the newest version's text, or of the template. Refused where one is being written."""
    if draft() is not None:
        raise Refused(_("作成中の版があります。それを直すか、取りやめてください。"))
    last = newest()
    version = PolicyVersion.objects.create(
        municipality=municipality,
        number=last.number + 1 if last else 1,
        sections=last.sections if last else _stored(for_town(municipality.name)),
        follows=list(template().follows),
        changed_by=person,
    )
    record(version, "begin", person)
    return version


def change_section(version: PolicyVersion, person: Person, key: str, *, title: str, body: str) -> None:
    """Refused for a published version, and for a section that is not there."""
    known = [one.key for one in sections(version)]
    if key not in known:
        raise Refused(_("この章は、もうありません。"))
    changed = [
        Section(key, title.strip(), _cleaned(body)) if one.key == key else one for one in sections(version)
    ]
    _write(version, person, changed, "change_section")


def add_section(version: PolicyVersion, person: Person, *, title: str, body: str) -> None:
    numbers = [int(one.key[4:]) for one in sections(version) if one.key.startswith("own-")]
    key = f"own-{max(numbers, default=0) + 1}"
    added = [*sections(version), Section(key, title.strip(), _cleaned(body))]
    _write(version, person, added, "add_section")


def remove_section(version: PolicyVersion, person: Person, key: str) -> None:
    left = [one for one in sections(version) if one.key != key]
    if not left:
        raise Refused(_("章を1つは残してください。"))
    _write(version, person, left, "remove_section")


@transaction.atomic
def publish(
    version: PolicyVersion,
    person: Person,
    *,
    effective_on: date,
    review_on: date,
    change_note: str,
    material: bool,
) -> PolicyVersion:
    """Makes the draft the version everyone confirms. The first one is always material."""
    version = _drafted(version)
    last = newest()
    if effective_on < timezone.localdate():
        raise Refused(_("施行日には、今日か、今日よりあとの日を選んでください。"), "effective_on")
    if last is not None and last.effective_on is not None and effective_on < last.effective_on:
        raise Refused(_("施行日は、前の版の施行日よりあとにしてください。"), "effective_on")
    if review_on <= effective_on:
        raise Refused(_("次に見直す日は、施行日よりあとにしてください。"), "review_on")
    if last is not None and not change_note.strip():
        raise Refused(_("変えたところを書いてください。確認する職員が読みます。"), "change_note")
    version.effective_on, version.review_on = effective_on, review_on
    version.change_note, version.material = change_note.strip(), material or last is None
    version.systems = approved_systems(version.municipality)
    version.changed_by, version.changed_at = person, timezone.now()
    version.published_at, version.state = version.changed_at, State.PUBLISHED
    version.digest = digest(content(version))
    version.save()
    record(version, "publish", person, digest=version.digest, material=version.material)
    return version


@transaction.atomic
def discard(version: PolicyVersion, person: Person) -> None:
    version = _drafted(version)
    record(version, "discard", person)
    version.delete()


@transaction.atomic
def _write(version: PolicyVersion, person: Person, changed: Sequence[Section], action: str) -> None:
    current = _drafted(version)
    if any(not one.title or not one.body for one in changed):
        raise Refused(_("題名と本文の両方を書いてください。"))
    current.sections = version.sections = _stored(changed)
    current.changed_by, current.changed_at = person, timezone.now()
    current.save()
    record(current, action, person)


def _drafted(version: PolicyVersion) -> PolicyVersion:
    """The row as it stands now, locked."""
    current = PolicyVersion.objects.select_for_update().filter(pk=version.pk).first()
    if current is None or current.state != State.DRAFT:
        raise Refused(_("この版はもう作成中ではありません。"))
    return current


def _stored(changed: Sequence[Section]) -> list[dict[str, str]]:
    return [{"key": one.key, "title": one.title, "body": one.body} for one in changed]


def _cleaned(body: str) -> str:
    return "\n".join(line.rstrip() for line in body.strip().splitlines())


def _subject(version: PolicyVersion) -> str:
    return f"policy:{version.number}"


def record(version: PolicyVersion, action: str, person: Person, **outputs: object) -> None:
    """One ledger entry of what a person did with a version."""
    ledger.record(
        version.municipality,
        system=SYSTEM,
        kind="policy",
        subject=_subject(version),
        actor=person,
        inputs={"sections": version.sections},
        outputs={"action": action, "number": version.number, **outputs},
    )
