"""What of a round is published: numbers, small ones hidden so that they cannot be worked out from the others.

Figures about people are counts of experts; each is hidden or shown by ``engine.suppression``. Figures about towns
(how many posted, how many found somebody) are of public bodies and are shown as they are.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person, Prefecture
from machi.joint.domain.experts import locked, subject_of, towns_of
from machi.joint.domain.experts_record import noted
from machi.joint.domain.experts_words import SKILLS
from machi.joint.engine.matching_fit import Skill
from machi.joint.engine.suppression import SMALLEST, Figure, suppress
from machi.joint.models import Expert, ExpertAgreement, ExpertRound, Posting

OUTCOMES = ("agreed", "offered", "without", "rejected", "withdrawn", "submitted")


def numbers(begun: ExpertRound) -> dict[str, Any]:
    """The round's numbers as they may be published today."""
    figures = _figures(begun)
    shown = suppress(figures)
    published = begun.postings.filter(state=Posting.State.PUBLISHED)
    found = ExpertAgreement.objects.filter(offer__posting__round=begun)
    return {
        "smallest": SMALLEST,
        "people": [[one.name, shown[one.name]] for one in figures],
        "towns": [
            ["towns_posted", published.values("town").distinct().count()],
            ["postings", published.count()],
            ["places", sum(published.values_list("places", flat=True))],
            ["towns_found", found.values("offer__posting__town").distinct().count()],
            ["postings_found", found.values("offer__posting").distinct().count()],
        ],
    }


@transaction.atomic
def publish(begun: ExpertRound, acting: Municipality, person: Person) -> dict[str, Any]:
    """For everybody to read. Published again later, it replaces what was there; the ledger has both."""
    current = locked(begun)
    if current.state not in (ExpertRound.State.RELEASED, ExpertRound.State.CLOSED):
        raise Refused(_("結果を伝えてから公表してください。"))
    published = numbers(current)
    current.numbers, current.published_at = published, timezone.now()
    current.save(update_fields=["numbers", "published_at"])
    noted(
        current.consortium,
        acting,
        person,
        "publish_numbers",
        subject_of(current),
        concerned=towns_of(current),
        numbers=current.numbers,
    )
    return published


def label(name: str) -> str:
    """What a figure's name says, in words."""
    kind, _colon, which = name.partition(":")
    if kind == "kind":
        return str(Expert.Kind(which).label)
    if kind == "prefecture":
        found = Prefecture.objects.filter(pk=which).first()
        return str(found) if found else which
    if kind == "skill":
        return str(SKILLS[which])
    return {
        "applications": _("応募した人"),
        "registered": _("登録された人（確認を通った人）"),
        "selected": _("組になった人（双方が承諾）"),
        "outcome:offered": _("組み合わせを伝えたが、合意に至っていない人"),
        "outcome:without": _("登録されたが、組がなかった人"),
        "outcome:rejected": _("確認で見送りになった人"),
        "outcome:withdrawn": _("辞退した人"),
        "outcome:submitted": _("確認中の人"),
        "towns_posted": _("求人を出した自治体"),
        "postings": _("求人"),
        "places": _("求めた人数"),
        "towns_found": _("専門家と合意した自治体"),
        "postings_found": _("専門家と合意した求人"),
    }[name]


def _figures(begun: ExpertRound) -> list[Figure]:
    """Every figure as a sum of kinds of experts: how it ended for them, what they are, where and for what they work."""
    prefectures: dict[int, set[str]] = {}
    skills: dict[int, set[str]] = {}
    agreed = ExpertAgreement.objects.filter(offer__posting__round=begun).values_list(
        "offer__expert_id", "offer__posting__town__prefecture_id", "offer__posting__skills"
    )
    for expert, prefecture, asked in agreed:
        prefectures.setdefault(expert, set()).add(prefecture)
        skills.setdefault(expert, set()).update(asked)
    offered = set(begun.experts.filter(offers__isnull=False).values_list("pk", flat=True))
    count: dict[Hashable, int] = {}
    groups: dict[str, set[Hashable]] = {name: set() for name in ("applications", "registered", "selected")}
    for pk, state, kind in begun.experts.values_list("pk", "state", "kind"):
        outcome = _outcome(pk, state, pk in prefectures, pk in offered)
        basic = (
            outcome, kind, tuple(sorted(prefectures.get(pk, ()))), tuple(sorted(skills.get(pk, ()))),
        )  # fmt: skip
        count[basic] = count.get(basic, 0) + 1
        names = ["applications", f"kind:{kind}"]
        if outcome in ("agreed", "offered", "without"):
            names.append("registered")
        names.append("selected" if outcome == "agreed" else f"outcome:{outcome}")
        names += [f"prefecture:{one}" for one in prefectures.get(pk, ())]
        names += [f"skill:{one}" for one in skills.get(pk, ())]
        for name in names:
            groups.setdefault(name, set()).add(basic)
    order = ["applications", *(f"kind:{kind}" for kind in Expert.Kind.values), "registered", "selected"]
    order += [f"outcome:{one}" for one in OUTCOMES[1:]]
    order += sorted(name for name in groups if name.startswith("prefecture:"))
    order += [f"skill:{skill}" for skill in Skill]
    return [
        Figure(name, sum(count[basic] for basic in groups[name]), frozenset(groups[name]))
        for name in order
        if name in groups
    ]


def _outcome(pk: int, state: str, agreed: bool, offered: bool) -> str:
    if agreed:
        return "agreed"
    if state == Expert.State.ACCEPTED:
        return "offered" if offered else "without"
    return state
