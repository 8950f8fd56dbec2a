"""What is asked of vendors in a joint purchase: put together from the library and the AI checklist, then fixed.

As in a town's own procurement check, nothing that vendors are measured by changes once it is fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.canonical import digest
from machi.base.models import Municipality, Person
from machi.governance.domain.procurement import weights_told
from machi.governance.engine import procurement as ai_check
from machi.governance.engine.procurement import Asked, share
from machi.governance.engine.scoring import Criterion, Formula, Method, missing_weight
from machi.joint.domain.procurement import State, locked, record, towns_in
from machi.joint.engine import requirement_library
from machi.joint.models import JointPurchase, PurchaseLot, PurchaseRequirement

TEXTS = ("title", "requirement", "criterion", "question", "clause")
FORMULA = ("method", "quality_points", "price_points", "base_points")
AI_FACTS = ("users", "work", "training", "judgement", "generates", "outside")


def propose(purchase: JointPurchase, facts: Mapping[str, Any], version: str) -> tuple[Asked, ...]:
    """The library, and the AI checklist where there is AI in it; weights shared among all that is selected."""
    found = requirement_library.propose({"subject": purchase.subject, **facts}, version)
    if facts.get("ai"):
        found += ai_check.propose({name: facts[name] for name in (*AI_FACTS, "personal")})
    weights = share([one.code for one in found if one.selected and not one.must])
    return tuple(replace(one, weight=weights.get(one.code, Decimal(0))) for one in found)


def selected(purchase: JointPurchase) -> list[PurchaseRequirement]:
    return list(purchase.requirements.filter(selected=True))


def asked(purchase: JointPurchase) -> list[Asked]:
    return [
        Asked(**{name: getattr(one, name) for name in Asked.__dataclass_fields__})
        for one in selected(purchase)
    ]


def criteria(purchase: JointPurchase) -> list[Criterion]:
    return [Criterion(one.code, one.weight, one.must) for one in selected(purchase)]


def formula(purchase: JointPurchase, lot: PurchaseLot | None = None) -> Formula:
    """How quality and price become one value; the ceiling is the lot's own."""
    return Formula(
        Method(purchase.method),
        purchase.quality_points,
        purchase.price_points,
        purchase.base_points,
        lot.ceiling if lot else None,
    )


@transaction.atomic
def declare(purchase: JointPurchase, town: Municipality, person: Person, facts: Mapping[str, Any]) -> None:
    """The facts, and the texts that follow from them. What was written, chosen and weighed stays, except that a text
    is selected or left out anew where the facts now say something else of it."""
    current = locked(purchase, State.LOTS)
    version = current.library or requirement_library.LATEST
    before = {one.code: one.selected for one in propose(current, current.facts, version)}
    known = {one.code: one for one in current.requirements.all()}
    proposed = propose(current, facts, version)
    for ordinal, one in enumerate(proposed, 1):
        if one.code not in known:
            PurchaseRequirement.objects.create(
                consortium_id=current.consortium_id,
                purchase=current,
                ordinal=ordinal,
                **{name: getattr(one, name) for name in Asked.__dataclass_fields__},
            )
        elif before.get(one.code) != one.selected:
            known[one.code].selected = one.selected
            known[one.code].save(update_fields=["selected"])
    offered = {one.code for one in proposed}
    gone = [one.pk for code, one in known.items() if code not in offered and not code.startswith("own-")]
    current.requirements.filter(pk__in=gone).update(selected=False, weight=Decimal(0))
    current.facts, current.library = dict(facts), version
    current.save(update_fields=["facts", "library"])
    record(current, town, person, "declare", facts=dict(facts), library=version)


@transaction.atomic
def choose(
    purchase: JointPurchase,
    town: Municipality,
    person: Person,
    *,
    selected: Sequence[int],
    must: Sequence[int],
) -> None:
    """Which texts are asked, and which must be met (primary keys). One left out weighs nothing."""
    current = locked(purchase, State.LOTS)
    if not set(selected):
        raise Refused(_("項目を1つは選んでください。"))
    changed = list(current.requirements.all())
    for one in changed:
        one.selected, one.must = one.pk in selected, one.pk in must
        if not one.selected:
            one.weight = Decimal(0)
    PurchaseRequirement.objects.bulk_update(changed, ["selected", "must", "weight"])
    record(current, town, person, "choose", selected=len(set(selected)), must=len(set(must) & set(selected)))


@transaction.atomic
def change_text(
    requirement: PurchaseRequirement, town: Municipality, person: Person, texts: Mapping[str, str]
) -> None:
    current = locked(requirement.purchase, State.LOTS)
    for name in TEXTS:
        setattr(requirement, name, texts[name].strip())
    requirement.save(update_fields=TEXTS)
    record(current, town, person, "change_text", requirement=requirement.code, inputs={"texts": dict(texts)})


@transaction.atomic
def add_text(
    purchase: JointPurchase, town: Municipality, person: Person, texts: Mapping[str, str]
) -> PurchaseRequirement:
    """A requirement of one's own, after the others."""
    current = locked(purchase, State.LOTS)
    own = current.requirements.filter(code__startswith="own-").values_list("code", flat=True)
    number = max((int(code[4:]) for code in own), default=0) + 1
    last = current.requirements.aggregate(Max("ordinal"))["ordinal__max"] or 0
    made = PurchaseRequirement.objects.create(
        consortium_id=current.consortium_id,
        purchase=current,
        code=f"own-{number}",
        ordinal=last + 1,
        **{name: texts[name].strip() for name in TEXTS},
    )
    record(current, town, person, "add_text", requirement=made.code, inputs={"texts": dict(texts)})
    return made


@transaction.atomic
def weigh(
    purchase: JointPurchase,
    town: Municipality,
    person: Person,
    weights: Mapping[int, Decimal],
    given: Mapping[str, Any],
    ceilings: Mapping[int, int | None],
) -> None:
    """Weights by primary key, the formula, and the lots' ceilings. A draft may keep weights that do not add up."""
    current = locked(purchase, State.LOTS)
    items = selected(current)
    for one in items:
        one.weight = weights[one.pk]
    PurchaseRequirement.objects.bulk_update(items, ["weight"])
    for name in FORMULA:
        setattr(current, name, given[name])
    current.save(update_fields=FORMULA)
    for lot in current.lots.all():
        lot.ceiling = ceilings[lot.pk]
        lot.save(update_fields=["ceiling"])
    record(
        current,
        town,
        person,
        "weigh",
        weights={one.code: str(one.weight) for one in items},
        method=current.method,
        inputs={"ceilings": {str(key): value for key, value in ceilings.items()}},
    )


@transaction.atomic
def weigh_equally(purchase: JointPurchase, town: Municipality, person: Person) -> None:
    """100 shared among what need not be met, or among all where all must be."""
    current = locked(purchase, State.LOTS)
    items = selected(current)
    weights = share([one.code for one in items if not one.must] or [one.code for one in items])
    for one in items:
        one.weight = weights.get(one.code, Decimal(0))
    PurchaseRequirement.objects.bulk_update(items, ["weight"])
    record(current, town, person, "weigh", weights={one.code: str(one.weight) for one in items})


def why_not_fixed(purchase: JointPurchase) -> list[str]:
    """What is still to be done before it can be fixed; empty: nothing."""
    items = criteria(purchase)
    if not items:
        return [_("買うものについて答え、要件の文を選んでください。")]
    found = []
    if missing := missing_weight(items):
        found.append(weights_told(missing))
    if purchase.quality_points <= 0:
        found.append(_("技術点の満点を0より大きくしてください。"))
    priced = purchase.method == JointPurchase.Method.ADDITIVE and purchase.price_points > 0
    if priced and any(not lot.ceiling for lot in purchase.lots.all()):
        found.append(_("加算方式で価格点を使うときは、どのロットにも予定価格を入れてください。"))
    return found


@transaction.atomic
def fix(purchase: JointPurchase, town: Municipality, person: Person, offers_by: date) -> None:
    """From here on nothing that vendors are measured by changes. The ledger has the digest of all of it."""
    current = locked(purchase, State.LOTS)
    if why := why_not_fixed(current):
        raise Refused(" ".join(why))
    if offers_by < timezone.localdate():
        raise Refused(_("見積の期限は今日から先の日にしてください。"), "offers_by")
    current.state, current.fixed_at, current.offers_by = State.TENDER, timezone.now(), offers_by
    current.save(update_fields=["state", "fixed_at", "offers_by"])
    measure = {
        "items": [
            [one.code, one.requirement, one.criterion, one.clause, one.must, str(one.weight)]
            for one in selected(current)
        ],
        "formula": [str(getattr(current, name)) for name in FORMULA],
    }
    record(
        current,
        town,
        person,
        "fix",
        digest=digest(measure),
        offers_by=offers_by.isoformat(),
        concerned=towns_in(current),
    )
