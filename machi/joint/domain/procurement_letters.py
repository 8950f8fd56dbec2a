"""Papers of a joint purchase: the requirement document for vendors, and each town's letter of the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.letters import Block, Bullets, Heading, Letter, TableBlock
from machi.base.engine.wareki import wareki
from machi.base.models import Municipality
from machi.governance.domain.procurement_word import formula_in_words
from machi.governance.engine.procurement import Asked
from machi.governance.engine.scoring import MOST
from machi.joint.domain.procurement_offers import price_of
from machi.joint.domain.procurement_requirements import asked, formula
from machi.joint.domain.procurement_sharing import share_by, standing
from machi.joint.domain.procurement_words import EXPLAINED, RULES
from machi.joint.models import JointPurchase, PurchaseDemand, PurchaseLot

A_FILE = 150
"""Letters in one file; those of more towns come in parts."""


def requirements(purchase: JointPurchase) -> Letter:
    """What vendors are given. Ceilings, expected prices and towns' conditions of money are left out on purpose."""
    texts = asked(purchase)
    if not texts:
        raise Refused(_("要件の文がまだ選ばれていません。"))
    demands = PurchaseDemand.objects.select_related("municipality").order_by("municipality_id")
    lots = list(
        purchase.lots.defer("sharing", "evaluation")
        .select_related("item")
        .prefetch_related(Prefetch("demands", demands))
    )
    draft = purchase.fixed_at is None
    body: list[Block] = [
        _("%(name)sが共同で行う調達の要件書です。") % {"name": purchase.consortium.name},
        Heading(_("1　目的")),
        purchase.purpose,
        Heading(_("2　買うものと納入")),
        TableBlock(
            _("ロット"),
            (_("ロット"), _("品目"), _("数量"), _("納入日"), _("自治体の数")),
            [
                (
                    str(lot.number),
                    lot.item.name,
                    f"{sum(one.quantity for one in lot.demands.all()):,}{lot.item.unit}",
                    wareki(lot.on),
                    str(len(lot.demands.all())),
                )
                for lot in lots
            ],
        ),
        *[
            _("%(item)s: %(text)s") % {"item": item.name, "text": item.description}
            for item in purchase.items.all()
            if item.description
        ],
        TableBlock(
            _("自治体ごとの数量"),
            (_("自治体"), _("ロット"), _("数量"), _("条件")),
            [
                (one.municipality.name, str(lot.number), f"{one.quantity:,}{lot.item.unit}", one.conditions)
                for lot in lots
                for one in lot.demands.all()
            ],
        ),
        Heading(_("3　要件")),
        _("「必須」は満たさなければ選定の対象にならない要件、「任意」は満たす程度を評価する要件です。"),
        TableBlock(
            _("要件の一覧"),
            (_("項目"), _("要件"), _("区分")),
            [(one.title, one.requirement, _("必須") if one.must else _("任意")) for one in texts],
        ),
        *_evaluation(purchase, texts),
        Heading(_("5　事業者への質問")),
        Bullets([f"{one.title}（{one.code}）: {one.question}" for one in texts if one.question]),
        Heading(_("6　契約に入れる条項（案）")),
        *_clauses(texts),
        Heading(_("7　よりどころにした文書")),
        Bullets(list(dict.fromkeys(name for one in texts for name in one.follows.split("、") if name))),
    ]
    return Letter(
        subject=_("%(title)s　要件書") % {"title": purchase.title} + (_("（案）") if draft else ""),
        body=body,
        on=timezone.localdate(purchase.fixed_at) if purchase.fixed_at else timezone.localdate(),
        sender=_("%(name)s　共同事務局") % {"name": purchase.consortium.name},
        particulars=[(_("見積の期限"), wareki(purchase.offers_by))] if purchase.offers_by else (),
        note=_("条項と要件の文は、よりどころの文書の考え方にそって書いたもので、文書の引用ではありません。"),
    )


def _evaluation(purchase: JointPurchase, texts: Sequence[Asked]) -> list[Block]:
    how = formula(purchase)
    return [
        Heading(_("4　評価の方法")),
        formula_in_words(how) + _("価格は、ロットごとの数量を見積の段階に当てはめた総額（税込）です。"),
        _(
            "技術点は、項目ごとに0点から%(most)s点で採点し、"
            "「技術点の満点（%(full)s点）×重み÷100×点数÷%(most)s」を合計します。"
        )
        % {"most": MOST, "full": f"{how.quality_points.normalize():f}"},
        TableBlock(
            _("評価の観点と重み"),
            (_("項目"), _("評価の観点"), _("重み")),
            [
                (one.title, one.criterion, f"{one.weight.normalize():f}")
                for one in texts
                if one.weight and one.criterion
            ],
        ),
    ]


def _clauses(texts: Sequence[Asked]) -> list[Block]:
    return [
        _("第%(number)s条（%(title)s）　%(clause)s")
        % {"number": number, "title": one.title, "clause": one.clause}
        for number, one in enumerate((one for one in texts if one.clause), 1)
    ]


def parts(towns: Sequence[Municipality]) -> int:
    """In how many files the letters to these towns come."""
    return -(-len(towns) // A_FILE)


def results(purchase: JointPurchase, towns: Sequence[Municipality]) -> list[Letter]:
    """A letter to each town that is in a lot whose sharing is chosen. Refused where there is none."""
    lots = list(
        purchase.lots.filter(state=PurchaseLot.State.AWARDED)
        .exclude(rule="")
        .select_related("item", "offer__vendor", "purchase")
        .prefetch_related("demands", "consents")
    )
    told = [_Told(lot) for lot in lots]
    letters = [
        _result(purchase, town, mine)
        for town in towns
        if (mine := [one for one in told if town.pk in one.wanted])
    ]
    if not letters:
        raise Refused(_("結果の通知は、落札と分担の方法が決まったロットに参加した自治体に作れます。"))
    return letters


class _Told:
    """A lot with what every town's letter says of it, counted once for all of them."""

    def __init__(self, lot: PurchaseLot) -> None:
        assert lot.offer is not None
        self.lot, self.vendor = lot, str(lot.offer.vendor.name)
        self.wanted = {one.municipality_id: one.quantity for one in lot.demands.all()}
        self.quantity = sum(self.wanted.values())
        self.price = price_of(lot.offer, self.quantity)
        self.settled = standing(lot).settled
        self.share: dict[str, Any] = share_by(lot, lot.rule) or {}


def _result(purchase: JointPurchase, town: Municipality, lots: Sequence[_Told]) -> Letter:
    settled = all(one.settled for one in lots)
    body: list[Block] = [
        _("共同調達「%(title)s」の結果と、貴自治体の負担額を、次のとおりお知らせします。")
        % {"title": purchase.title}
    ]
    for one in lots:
        body += _lot(one, town)
    total = sum(one.share["pays"][town.pk] for one in lots)
    return Letter(
        subject=_("共同調達の結果について（通知）") + ("" if settled else _("（案）")),
        body=body,
        on=timezone.localdate(),
        to=_("%(town)s長　様") % {"town": town.name},
        sender=_("%(name)s　共同事務局") % {"name": purchase.consortium.name},
        particulars=[
            (_("件名"), purchase.title),
            (_("負担額の合計"), _("%(yen)s円（税込）") % {"yen": f"{total:,}"}),
            *((_("納入日"), f"{one.lot}: {wareki(one.lot.on)}") for one in lots),
        ],
        note=_(
            "負担額は、決まった式で計算し、分担の方法は共同事務局が理由を書いて決めたものです。"
            "計算の結果と決定は、各自治体の記録台帳に残っています。"
        ),
    )


def _lot(told: _Told, town: Municipality) -> list[Block]:
    lot, price, share, mine = told.lot, told.price, told.share, told.wanted[town.pk]
    assert lot.sharing is not None
    return [
        Heading(str(lot)),
        Bullets(
            [
                _("落札者: %(name)s") % {"name": told.vendor},
                _("単価: %(unit)s円、全体の数量: %(quantity)s%(of)s、総額: %(yen)s円（税込）")
                % {
                    "unit": f"{price.unit_price:,}",
                    "quantity": f"{told.quantity:,}",
                    "of": lot.item.unit,
                    "yen": f"{price.yen:,}",
                },
                _("貴自治体の数量: %(quantity)s%(of)s") % {"quantity": f"{mine:,}", "of": lot.item.unit},
                _("落札の理由: %(reason)s") % {"reason": lot.award_reason},
            ]
        ),
        _("分担の方法は「%(rule)s」です。%(explained)s")
        % {"rule": RULES[lot.rule], "explained": EXPLAINED[lot.rule]},
        _("この方法にした理由: %(reason)s") % {"reason": lot.rule_reason},
        _("分担する総額は%(total)s円（契約額と、調達1回の事務費%(tender)s円）です。")
        % {"total": f"{lot.sharing['total']:,}", "tender": f"{lot.sharing['tender']:,}"},
        _("貴自治体の負担額は%(pays)s円です。単独で買う場合より%(saves)s円少なくなります。")
        % {"pays": f"{share['pays'][town.pk]:,}", "saves": f"{share['saves'][town.pk]:,}"}
        if share["saves"][town.pk] >= 0
        else _("貴自治体の負担額は%(pays)s円です。単独で買う場合より%(more)s円多くなります。")
        % {"pays": f"{share['pays'][town.pk]:,}", "more": f"{-share['saves'][town.pk]:,}"},
        TableBlock(
            _("貴自治体の負担額（ほかの方法と比べて）"),
            (_("方法"), _("負担額（円）"), _("単独との差（円）")),
            [
                (
                    str(RULES[one["rule"]]) + (_("（採用）") if one["rule"] == lot.rule else ""),
                    f"{one['pays'][town.pk]:,}",
                    f"{-one['saves'][town.pk]:,}",
                )
                for one in lot.sharing["rules"]
            ],
        ),
    ]
