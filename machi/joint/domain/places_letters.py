"""A letter for each family of a town once a round is settled: what was decided, and why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.base.domain.errors import Refused
from machi.base.engine.letters import Block, Bullets, Heading, Letter, TableBlock
from machi.base.engine.wareki import wareki
from machi.base.models import Municipality
from machi.joint.domain.places import current_tables
from machi.joint.domain.places_confirming import proposal
from machi.joint.domain.places_kinds import WORDS, Item
from machi.joint.domain.places_supply import items_of
from machi.joint.domain.places_words import why
from machi.joint.engine.welfare_reasons import Why
from machi.joint.models import (
    PlaceAllocation,
    PlaceFacility,
    PlaceFamily,
    PlaceReasons,
    PlaceRound,
    PlaceTable,
)

A_FILE = 300
"""Families in one file; a larger town's letters come in parts."""


def parts(about: PlaceRound) -> int:
    """In how many files the town's letters come."""
    allocation = proposal(about)
    found = PlaceReasons.objects.filter(offer__allocation=allocation, applicant__family__erased_at=None)
    families = found.values("applicant__family").distinct().count()
    return -(-families // A_FILE)


def letters(about: PlaceRound, town: Municipality, part: int = 1) -> list[Letter]:
    """In the order of the families' numbers. Refused before every town has confirmed: nothing counts till then."""
    allocation = proposal(about)
    if about.state != PlaceRound.State.CONFIRMED or allocation is None or about.confirmed_at is None:
        raise Refused(_("通知は、すべての町が確かめた後に作れます。"))
    kept = list(
        PlaceReasons.objects.filter(offer__allocation=allocation, applicant__family__erased_at=None)
        .select_related("applicant__family", "offer__facility__town")
        .order_by("applicant__family__number", "applicant__family_id", "applicant__ordinal")
    )
    families = [list(of_it) for _key, of_it in groupby(kept, key=lambda one: one.applicant.family_id)]
    writer = _Writer(about, town, allocation)
    chosen = families[(part - 1) * A_FILE : part * A_FILE]
    with override("ja"):
        return [writer.letter(one) for one in chosen]


class _Writer:
    """Names of facilities and items, read once for all letters."""

    def __init__(self, about: PlaceRound, town: Municipality, allocation: PlaceAllocation) -> None:
        self.about, self.town = about, town
        left = allocation.offers.filter(changed_at__isnull=False, proposed__isnull=False)
        self.left = {str(one.proposed_id) for one in left if one.proposed_id != one.facility_id}
        """Facilities at which a person's decision freed a place after the computation."""
        places = PlaceFacility.objects.filter(round=about).select_related("town")
        self.places = {str(one.pk): one for one in places}
        self.tables: dict[str, PlaceTable] = current_tables(about)
        self.words = WORDS[about.kind]

    def items(self, place: PlaceFacility) -> list[Item]:
        return items_of(self.about, self.tables.get(place.town_id))

    def named(self, place: PlaceFacility) -> str:
        return place.name if place.town_id == self.town.pk else f"{place.name}（{place.town.name}）"

    def letter(self, people: Sequence[PlaceReasons]) -> Letter:
        family: PlaceFamily = people[0].applicant.family
        admitted = str(self.words.admitted)
        body: list[Block] = [
            _("%(title)sについて、お申し込みの結果を次のとおりお知らせします。")
            % {"title": self.about.title},
            TableBlock(
                _("結果"),
                [str(self.words.applicant), _("区分"), _("結果")],
                [[one.applicant.name or "", one.applicant.class_label, self.result(one)] for one in people],
            ),
        ]
        for one in people:
            body += [
                Heading(_("%(name)sさんの選考の経過") % {"name": one.applicant.name or ""}),
                Bullets(self.reasons(one)),
            ]
        if any(one.offer.facility is None for one in people):
            body.append(
                _(
                    "枠が空いたときは、点数と希望の順に従って、次の回で改めて選びます。申し込みをやめる場合はご連絡ください。"
                )
            )
        body += self.appeal()
        return Letter(
            subject=_("%(admitted)sの調整の結果について（通知）") % {"admitted": admitted},
            body=body,
            on=timezone.localdate(self.about.confirmed_at) if self.about.confirmed_at else None,
            to=_("%(name)s 様") % {"name": family.name or ""},
            sender=_("%(town)s長") % {"town": self.town.name},
            particulars=(
                (_("家庭番号"), family.number),
                (_("利用の始まる日"), wareki(self.about.starts_on)),
                (
                    _("選び方"),
                    _(
                        "町の点数表による優先順位、同点のときの決まり、抽選の順に、希望の順位に沿って割り当てました。"
                    ),
                ),
            ),
            contact=_("お問い合わせ：%(town)s") % {"town": self.town.name},
            note=_(
                "割り当ての案は計算機が作り、%(town)sが確かめて決めました。この通知に、ほかのご家庭の情報は含まれていません。"
            )
            % {"town": self.town.name},
        )

    def result(self, one: PlaceReasons) -> str:
        place = one.offer.facility
        if place is None:
            return _("今回は決まりませんでした（待機）")
        rank = one.offer.rank
        return f"{self.named(place)}" + (_("（第%(rank)s希望）") % {"rank": rank} if rank else "")

    def reasons(self, one: PlaceReasons) -> list[str]:
        told = [
            why(
                reason,
                self.named(self.places[reason["facility"]]),
                self.items(self.places[reason["facility"]]),
            )
            for reason in one.reasons
            if reason["facility"] in self.places
        ]
        if one.offer.changed_at is not None:
            told.append(_("その後、町の職員が個別の事情を確かめ、結果を変えました。"))
        elif self.left & {reason["facility"] for reason in one.reasons if reason["why"] != Why.PLACED}:
            told.append(_("この後、個別の事情で空いた枠があるときは、次の回で改めて選びます。"))
        return told or [_("希望した施設が、この回では枠を出していません。")]

    def appeal(self) -> list[Block]:
        if self.about.kind != PlaceRound.Kind.CHILDCARE:
            return []  # admission there is a contract with the facility
        return [
            _(
                "この決定に不服があるときは、この通知を受け取った日の翌日から起算して3か月以内に、%(town)s長に対して審査請求を"
                "することができます。また、6か月以内に、%(town)sを被告として、処分の取消しの訴えを提起することができます。"
            )
            % {"town": self.town.name}
        ]
