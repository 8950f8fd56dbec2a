"""Erasing what belongs to a person, so that the ledger stays whole and says no more than that it was done.

The room that keeps the data erases it (``RoomConfig.erasables``) and calls ``erase_traces`` in the same
transaction: without their salts the entries' digests say nothing any more, and one entry tells of the erasure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerRuling, Municipality, Person
from machi.base.rooms import Erasable, rooms
from machi.base.scoping import in_municipality


class Ground(models.TextChoices):
    """Why it is erased. Words of one's own could name the person whom it is about, and the ledger keeps them."""

    REQUEST = "request", gettext_lazy("本人からの請求")
    NOT_NEEDED = "not_needed", gettext_lazy("業務に不要な個人情報が書かれていた")
    MISTAKE = "mistake", gettext_lazy("あて先や人を間違えて書かれた")
    RETENTION = "retention", gettext_lazy("保存期間が過ぎた")
    ORDER = "order", gettext_lazy("法令や決定による")


def erase(
    municipality: Municipality,
    subject: str,
    *,
    ground: str,
    reference: str = "",
    person: Person | None = None,
) -> None:
    """Erases ``subject`` (``inquiry:12``) by the room that keeps it; Refused where no room does, or it is not there."""
    kind, _colon, number = subject.partition(":")
    found = next((one for one in _erasables() if one.kind == kind), None)
    if found is None or not (number.isascii() and number.isdigit()):
        raise Refused(_("この対象は消去できません。"), field="subject")
    with in_municipality(municipality):
        found.load_erase()(municipality, int(number), ground=ground, reference=reference, person=person)


def expired(municipality: Municipality) -> list[str]:
    """Subjects kept for as long as the municipality keeps them, which the next daily run erases."""
    now = timezone.now()
    with in_municipality(municipality):
        return [f"{one.kind}:{pk}" for one in _erasables() for pk in one.load_expired()(municipality, now)]


def erase_expired(municipality: Municipality) -> list[str]:
    """Erases what ``expired`` tells of, each in a transaction of its own."""
    subjects = expired(municipality)
    for subject in subjects:
        erase(municipality, subject, ground=Ground.RETENTION)
    return subjects


def erase_traces(
    municipality: Municipality,
    subjects: Sequence[str],
    *,
    ground: str,
    reference: str,
    person: Person | None,
    system: str,
    erased: Mapping[str, int],
) -> LedgerEntry:
    """Salts of all entries of ``subjects`` and reasons of rulings on them; the entry that tells so, on the first.

    ``erased``: how much of what the room erased. Call it in the transaction in which the room erases.
    """
    if ground not in Ground.values:
        raise Refused(_("消去する理由を選んでください。"), field="ground")
    overwrite_what_is_deleted()
    now = timezone.now()
    rulings = LedgerRuling.objects.filter(on__subject__in=subjects, erased_at=None)
    counted = {**erased, "rulings": rulings.update(reason=None, erased_at=now)}
    counted["salts"] = sum(ledger.erase(subject) for subject in subjects)
    return ledger.record(
        municipality,
        system=system,
        kind=ledger.ERASURE,
        subject=subjects[0],
        actor=person,
        outputs={"ground": str(ground), "reference": reference, "erased": counted},
    )


def overwrite_what_is_deleted() -> None:
    """SQLite leaves deleted bytes in its file, and old pages in its journal; from here on it does not.

    PostgreSQL does it in its own time (autovacuum); see docs/ledger.md.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
    transaction.on_commit(_empty_journal)


def _empty_journal() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA wal_checkpoint(TRUNCATE)"
        )  # waits for nobody; another reader leaves it for later


def _erasables() -> list[Erasable]:
    return [one for room in rooms() for one in room.erasables]
