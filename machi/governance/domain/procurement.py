"""An AI procurement check: from the need to what is fixed before any vendor answers.

Items and weights change only in a draft. Once fixed they stay, so that nobody is measured by what was decided after
the answers were read. Every decision is in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.engine.canonical import digest
from machi.base.models import Municipality, Person
from machi.governance.engine.checklist import LATEST
from machi.governance.engine.procurement import Asked, propose, share
from machi.governance.engine.scoring import Criterion, Formula, Method, missing_weight
from machi.governance.models import Procurement, ProcurementItem, VendorAnswer

SYSTEM = "governance.procurement"
NEED = ("title", "purpose", "users_note", "data_note", "budget", "starts_on", "answers_by")
TEXTS = ("title", "requirement", "criterion", "question", "clause")
FORMULA = ("method", "quality_points", "price_points", "base_points", "ceiling")
State = Procurement.State


def procurements() -> QuerySet[Procurement, Any]:
    """All, the newest first, with ``vendor_count``."""
    return (
        Procurement.objects.select_related("created_by", "chosen")
        .annotate(vendor_count=Count("vendors"))
        .order_by("-created_at", "-pk")
    )


def selected(procurement: Procurement) -> list[ProcurementItem]:
    return list(procurement.items.filter(selected=True))


def asked(procurement: Procurement) -> list[Asked]:
    """What is asked of vendors, as plain data."""
    return [
        Asked(
            one.code,
            one.principle,
            one.title,
            one.requirement,
            one.criterion,
            one.question,
            one.clause,
            one.follows,
            one.selected,
            one.must,
            one.weight,
        )
        for one in selected(procurement)
    ]


def criteria(procurement: Procurement) -> list[Criterion]:
    return [Criterion(one.code, one.weight, one.must) for one in selected(procurement)]


def formula(procurement: Procurement) -> Formula:
    return Formula(
        Method(procurement.method),
        procurement.quality_points,
        procurement.price_points,
        procurement.base_points,
        procurement.ceiling,
    )


@transaction.atomic
def begin(municipality: Municipality, person: Person, need: Mapping[str, Any]) -> Procurement:
    """A draft with the need in words; items come with ``declare``."""
    procurement = Procurement.objects.create(
        municipality=municipality,
        created_by=person,
        checklist=LATEST,
        **{name: need[name] for name in NEED},
    )
    record(procurement, "begin", person, inputs={"need": _plain(need)})
    return procurement


@transaction.atomic
def change_need(procurement: Procurement, person: Person, need: Mapping[str, Any]) -> None:
    current = drafted(procurement)
    for name in NEED:
        setattr(current, name, need[name])
    current.save()
    record(current, "change_need", person, inputs={"need": _plain(need)})


@transaction.atomic
def declare(procurement: Procurement, person: Person, facts: Mapping[str, Any]) -> None:
    """The facts, and the items that follow from them. Texts, choices and weights already made stay, except that an
    item is selected or left out anew where the facts now say something else of it."""
    current = drafted(procurement)
    before = {one.code: one.selected for one in propose(current.facts, current.checklist)}
    known = {one.code: one for one in current.items.all()}
    proposed = propose(facts, current.checklist)
    for ordinal, one in enumerate(proposed, 1):
        if one.code not in known:
            ProcurementItem.objects.create(
                municipality=current.municipality,
                procurement=current,
                ordinal=ordinal,
                **{name: getattr(one, name) for name in Asked.__dataclass_fields__},
            )
        elif before[one.code] != one.selected:
            known[one.code].selected = one.selected
            known[one.code].save(update_fields=["selected"])
    current.facts = dict(facts)
    current.save(update_fields=["facts"])
    record(current, "declare", person, facts=dict(facts))


@transaction.atomic
def choose(procurement: Procurement, person: Person, *, selected: Sequence[int], must: Sequence[int]) -> None:
    """Which items are asked, and which must be met (primary keys). An item left out weighs nothing."""
    current = drafted(procurement)
    if not set(selected):
        raise Refused(_("項目を1つは選んでください。"))
    changed = []
    for item in current.items.all():
        item.selected, item.must = item.pk in selected, item.pk in must
        if not item.selected:
            item.weight = Decimal(0)
        changed.append(item)
    ProcurementItem.objects.bulk_update(changed, ["selected", "must", "weight"])
    record(current, "choose", person, selected=len(set(selected)), must=len(set(must) & set(selected)))


@transaction.atomic
def change_item(item: ProcurementItem, person: Person, texts: Mapping[str, str]) -> None:
    current = drafted(item.procurement)
    for name in TEXTS:
        setattr(item, name, texts[name].strip())
    item.save(update_fields=TEXTS)
    record(current, "change_item", person, item=item.code, inputs={"texts": dict(texts)})


@transaction.atomic
def add_item(procurement: Procurement, person: Person, texts: Mapping[str, str]) -> ProcurementItem:
    """An item of one's own, after the others."""
    current = drafted(procurement)
    own = current.items.filter(code__startswith="own-").values_list("code", flat=True)
    number = max((int(code[4:]) for code in own), default=0) + 1
    last = current.items.aggregate(Max("ordinal"))["ordinal__max"] or 0
    item = ProcurementItem.objects.create(
        municipality=current.municipality,
        procurement=current,
        code=f"own-{number}",
        ordinal=last + 1,
        **{name: texts[name].strip() for name in TEXTS},
    )
    record(current, "add_item", person, item=item.code, inputs={"texts": dict(texts)})
    return item


@transaction.atomic
def weigh(
    procurement: Procurement, person: Person, weights: Mapping[int, Decimal], given: Mapping[str, Any]
) -> None:
    """Weights by primary key, and the formula. A draft may keep weights that do not add up; ``fix`` does not."""
    current = drafted(procurement)
    items = selected(current)
    for item in items:
        item.weight = weights[item.pk]
    ProcurementItem.objects.bulk_update(items, ["weight"])
    for name in FORMULA:
        setattr(current, name, given[name])
    current.save(update_fields=FORMULA)
    record(
        current, "weigh", person, weights={one.code: str(one.weight) for one in items}, method=current.method
    )


@transaction.atomic
def weigh_equally(procurement: Procurement, person: Person) -> None:
    """100 shared among the items that need not be met, or among all where all must be."""
    current = drafted(procurement)
    items = selected(current)
    codes = [one.code for one in items if not one.must] or [one.code for one in items]
    weights = share(codes)
    for item in items:
        item.weight = weights.get(item.code, Decimal(0))
    ProcurementItem.objects.bulk_update(items, ["weight"])
    record(current, "weigh", person, weights={one.code: str(one.weight) for one in items})


def weights_told(missing: Decimal) -> str:
    """In words, that weights do not add up to 100: ``missing`` is what they lack (``engine.scoring``)."""
    words = (
        _("重みの合計が100になっていません（あと%(missing)s）。")
        if missing > 0
        else _("重みの合計が100を超えています（%(missing)s多い）。")
    )
    return words % {"missing": f"{abs(missing).normalize():f}"}


def why_not_fixed(procurement: Procurement) -> list[str]:
    """What is still to be done before it can be fixed; empty: nothing."""
    items = criteria(procurement)
    found = []
    if not procurement.purpose.strip():
        found.append(_("何のために使うかを書いてください。"))
    if not procurement.facts:
        found.append(_("使い方とデータについて答えてください。"))
    if not items:
        found.append(_("項目を1つは選んでください。"))
    if missing := missing_weight(items):
        found.append(weights_told(missing))
    if procurement.quality_points <= 0:
        found.append(_("技術点の満点を0より大きくしてください。"))
    needs_ceiling = procurement.method == Procurement.Method.ADDITIVE and procurement.price_points > 0
    if needs_ceiling and not procurement.ceiling:
        found.append(_("加算方式で価格点を使うときは、予定価格を入れてください。"))
    return found


@transaction.atomic
def fix(procurement: Procurement, person: Person) -> None:
    """From here on nothing that vendors are measured by changes. The ledger has the digest of all of it."""
    current = drafted(procurement)
    if why := why_not_fixed(current):
        raise Refused(" ".join(why))
    current.state, current.fixed_at = State.FIXED, timezone.now()
    current.save(update_fields=["state", "fixed_at"])
    record(current, "fix", person, digest=digest(_measure(current)))


@transaction.atomic
def reopen(procurement: Procurement, person: Person, reason: str) -> None:
    """Back to a draft, while nobody's answers have been entered."""
    current = Procurement.objects.select_for_update().get(pk=procurement.pk)
    if current.state != State.FIXED:
        raise Refused(_("要件を確定したものだけを、作成中に戻せます。"))
    if has_answers(current):
        raise Refused(_("事業者の回答が入っているため、要件や重みはもう変えられません。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.fixed_at = State.DRAFT, None
    current.save(update_fields=["state", "fixed_at"])
    record(current, "reopen", person, inputs={"reason": reason.strip()})


def has_answers(procurement: Procurement) -> bool:
    """Then nothing that vendors are measured by may change any more."""
    return VendorAnswer.objects.filter(vendor__procurement=procurement).exists()


@transaction.atomic
def cancel(procurement: Procurement, person: Person, reason: str) -> None:
    """Gives up; everything stays readable."""
    current = Procurement.objects.select_for_update().get(pk=procurement.pk)
    if current.state in (State.DECIDED, State.CANCELLED):
        raise Refused(_("この調達はもう終わっています。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.reason = State.CANCELLED, reason.strip()
    current.save(update_fields=["state", "reason"])
    record(current, "cancel", person, inputs={"reason": current.reason})


def drafted(procurement: Procurement) -> Procurement:
    """The row as it stands now, locked."""
    current = Procurement.objects.select_for_update().select_related("municipality").get(pk=procurement.pk)
    if current.state != State.DRAFT:
        raise Refused(_("要件は確定しています。変えるには、まず作成中に戻してください。"))
    return current


def record(
    procurement: Procurement,
    action: str,
    person: Person,
    *,
    inputs: Mapping[str, object] | None = None,
    **outputs: object,
) -> None:
    """One ledger entry of what a person did with it."""
    ledger.record(
        procurement.municipality,
        system=SYSTEM,
        kind="procurement",
        subject=f"procurement:{procurement.pk}",
        actor=person,
        inputs=inputs,
        outputs={"action": action, "state": procurement.state, **outputs},
    )


def _measure(procurement: Procurement) -> dict[str, object]:
    """All that vendors are measured by, but for the ceiling, which is secret."""
    return {
        "items": [
            [one.code, one.requirement, one.criterion, one.clause, one.must, str(one.weight)]
            for one in asked(procurement)
        ],
        "formula": [str(getattr(procurement, name)) for name in FORMULA if name != "ceiling"],
    }


def _plain(need: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(need[name] or "") for name in NEED}
