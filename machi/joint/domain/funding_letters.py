"""A cost-and-benefit sheet as a report (PDF and Word)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.engine.letters import Block, Heading, Letter, TableBlock
from machi.joint.models import BenefitSheet


class YearTable(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def rows(self) -> list[list[str]]: ...


def benefit_letter(
    sheet: BenefitSheet,
    *,
    words: str,
    now: str,
    bars: Sequence[tuple[str, Sequence[str]]],
    lines: Sequence[Sequence[str]],
    years: Sequence[YearTable],
) -> Letter:
    """``words``, ``now`` (with the facts so far; empty without any) and the tables come from the page."""
    body: list[Block] = [text for text in (sheet.purpose, words) if text.strip()]
    body.append(
        TableBlock(
            _("見込み（範囲）"),
            [_("項目"), _("最悪"), _("5%点"), _("中央"), _("95%点"), _("最良")],
            [[label, *row] for label, row in bars],
        )
    )
    columns = [_("内容"), _("種類"), _("低め"), _("ありそうな値"), _("高め")]
    body.append(TableBlock(_("前提にした費用と時間"), columns, lines))
    if now:
        body += [Heading(_("これまでの実績が続いたら")), now]
    for one in years:
        body.append(TableBlock(one.label, [_("内容"), _("計画"), _("実績"), _("ちがい")], one.rows))
    note = _(
        "見込みは、各項目を範囲の中で1万回ずつ変えて計算したもの（三角分布、項目どうしは独立）。"
        "最悪と最良は、すべての項目が範囲の端になった場合。"
    )
    return Letter(
        _("「%(title)s」の費用と効果") % {"title": sheet.title}, body, on=timezone.localdate(), note=note
    )
