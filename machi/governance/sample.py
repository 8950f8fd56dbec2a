"""The sample consortium: the three towns' AI systems, reviewed and approved by the sample people through the verbs.

It is a sample: where a real town would name its own rules and dates, the evidence says 「見本」.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import override

from machi.base.models import Municipality, Person, Role
from machi.base.rooms import ai_system
from machi.base.sample import TOWNS
from machi.base.scoping import in_municipalities, in_municipality
from machi.governance import sample_kit
from machi.governance.domain import proofs, register
from machi.governance.domain.review import UNFINISHED, Given, settle
from machi.governance.models import RegisteredSystem, Review, ReviewItem

_MADE_UP = "見本：この町の規程と記録の代わりに、見本であることだけを確かめた。"


def load() -> None:
    """Approves what nobody has acted on yet; what people have decided since stays."""
    for code in TOWNS:
        municipality = Municipality.objects.get(code=code)
        if officer := approve_declared(municipality):
            with in_municipality(municipality), override("ja"):
                sample_kit.load(municipality, officer)


def approve_declared(municipality: Municipality, *keys: str) -> Person | None:
    """Its AI officer reviews and approves what nobody has acted on yet (of ``keys``, where any are named); returns
    the officer, None where there is none."""
    officer = Person.objects.filter(
        appointments__role=Role.AI_OFFICER, appointments__municipality=municipality, is_active=True
    ).first()
    if officer is None:
        return None
    with in_municipality(municipality), override("ja"):
        acted_on = set(RegisteredSystem.objects.values_list("key", flat=True))
        for system in register.declared():
            if system.key not in acted_on and (not keys or system.key in keys):
                _approve(municipality, system.key, officer)
    return officer


def approve_unreviewed(municipalities: Sequence[Municipality], key: str) -> None:
    """Where there are so many made-up towns that reviewing for each would take minutes: the register says approved, and
    no review stands behind it. What anybody has acted on stays."""
    version = ai_system(key).version
    with in_municipalities(municipalities):
        known = set(RegisteredSystem.objects.filter(key=key).values_list("municipality_id", flat=True))
        RegisteredSystem.objects.bulk_create(
            RegisteredSystem(
                municipality=one, key=key, version=version, state=RegisteredSystem.State.APPROVED
            )
            for one in municipalities
            if one.pk not in known
        )


def _approve(municipality: Municipality, key: str, officer: Person) -> None:
    review = register.submit(municipality, key, by=officer)
    offers = proofs.offers(municipality, register.entry(municipality, key).system, review.checklist)
    given = {row.item: _given(row, offers.get(row.item)) for row in review.items.select_related("owner")}
    settle(review, officer, given)
    if review.route == Review.Route.HIGH:
        return  # no advisory board has been told of a sample
    register.approve(
        municipality,
        key,
        by=officer,
        until=timezone.localdate() + timedelta(days=365),
        conditions="見本の運用に限る。",
    )


def _given(row: ReviewItem, offer: proofs.Offer | None) -> Given:
    reference = offer.text if offer else _MADE_UP
    if reference.endswith(UNFINISHED):
        reference += "見本のため定めていない。"
    return Given(ReviewItem.State.MET, reference=reference, owner=row.owner)
