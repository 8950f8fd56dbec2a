"""What letters to experts say, beside the address of their page: read when the letter is sent, so always what is so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.joint.models import Expert, ExpertOffer, ExpertRound

Told = tuple[str, list[str]] | None
"""Subject and lines; None where it is not so any more."""


class Kind(StrEnum):
    REGISTERED = "registered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RANKING = "ranking"
    OFFERED = "offered"
    AGREED = "agreed"
    """Both have accepted, which is the agreement."""
    DECLINED = "declined"
    """The town has."""


def words(kind: Kind, expert: Expert, offer: ExpertOffer | None) -> Told:
    """In the language that is active."""
    return _WORDS[kind](expert, offer)


def _registered(expert: Expert, _offer: ExpertOffer | None) -> Told:
    names = {"town": expert.town, "round": expert.round, "consortium": expert.consortium}
    if expert.town:
        first = _(
            "%(town)sが、あなたを「%(round)s」（%(consortium)s）に、ほかの自治体でも働く職員として登録しました。"
        )
    else:
        first = _("「%(round)s」（%(consortium)s）への、専門家としての応募を受け付けました。")
    return _("応募を受け付けました"), [
        first % names,
        _("共同事務局が、書類、実績、利害関係、面談の順に確認し、結果をメールで知らせます。"),
        _("心当たりがないときは、下のページで取り下げてください。氏名、連絡先などを消します。"),
    ]


def _accepted(expert: Expert, _offer: ExpertOffer | None) -> Told:
    if expert.state != Expert.State.ACCEPTED:
        return None
    return _("登録が済みました"), [
        _("確認が終わり、登録が済みました。"),
        _("募集が締め切られたら、求人に順位を付けていただきます。そのときにまたメールで知らせます。"),
    ]


def _rejected(expert: Expert, _offer: ExpertOffer | None) -> Told:
    failed = expert.screening.filter(passed=False).last()
    if expert.state != Expert.State.REJECTED or failed is None:
        return None
    return _("今回は見送りになりました"), [
        _("応募ありがとうございました。確認の結果、今回は見送りになりました。"),
        "",
        _("理由（%(step)s）") % {"step": failed.get_step_display()},
        failed.reason or "",
        "",
        _("登録の内容は、下のページからすぐに消せます。何もしなければ、%(years)s年後に消します。")
        % {"years": Expert.KEPT_YEARS},
    ]


def _ranking(expert: Expert, _offer: ExpertOffer | None) -> Told:
    if expert.round.state != ExpertRound.State.RANKING or expert.state != Expert.State.ACCEPTED:
        return None
    by = {"day": date_format(expert.round.rank_by, "DATE_FORMAT")}
    return _("求人に順位を付けてください"), [
        _("応募が締め切られました。働きたい求人に、%(day)sまでに順位を付けてください。") % by,
        _("期限までは何度でも直せます。1つも付けないと、適合度の高い順に望んでいるものとして扱います。"),
    ]


def _offered(_expert: Expert, offer: ExpertOffer | None) -> Told:
    if offer is None or offer.by_expert != ExpertOffer.Answer.WAITING or offer.declined:
        return None
    return _("組み合わせが届きました"), [
        _("次の求人との組み合わせが届きました。承諾するか辞退するか、下のページで返事をしてください。"),
        "",
        *_need(offer),
        "",
        _("双方が承諾するまで、氏名と連絡先は相手の自治体に見せません。"),
    ]


def _agreed(_expert: Expert, offer: ExpertOffer | None) -> Told:
    if offer is None or not offer.agreed:
        return None
    terms = offer.agreement
    first, last = (date_format(day, "DATE_FORMAT") for day in (terms.first, terms.last))
    return _("自治体と合意しました"), [
        _("双方が承諾したので、合意になりました。氏名と連絡先を、この自治体に見せています。"),
        "",
        *_need(offer),
        _fact(_("期間"), f"{first} – {last}"),
        _fact(_("時間"), _("月%(hours)s時間") % {"hours": terms.hours}),
        _fact(_("報酬"), _("1時間%(fee)s円") % {"fee": f"{terms.fee:,}"}),
        "",
        _("毎月、働いた時間としたことを、下のページから報告してください。"),
    ]


def _declined(_expert: Expert, offer: ExpertOffer | None) -> Told:
    if offer is None or offer.by_town != ExpertOffer.Answer.DECLINED:
        return None
    return _("組み合わせが終わりました"), [
        _("次の求人との組み合わせは、自治体の辞退で終わりました。"),
        "",
        *_need(offer),
    ]


def _need(offer: ExpertOffer) -> list[str]:
    return [_fact(_("自治体"), str(offer.posting.town)), _fact(_("業務"), offer.posting.title)]


def _fact(label: str, value: str) -> str:
    return f"{label}: {value}"


_WORDS: Mapping[Kind, Callable[[Expert, ExpertOffer | None], Told]] = {
    Kind.REGISTERED: _registered,
    Kind.ACCEPTED: _accepted,
    Kind.REJECTED: _rejected,
    Kind.RANKING: _ranking,
    Kind.OFFERED: _offered,
    Kind.AGREED: _agreed,
    Kind.DECLINED: _declined,
}
