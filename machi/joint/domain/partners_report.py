"""A saved choice of towns as a report for a meeting, to be handed out as PDF or edited in Word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.engine.letters import Bullets, Heading, Letter, TableBlock
from machi.joint.models import TownSelection


class Told(Protocol):
    """An estimate in words, as the pages show it."""

    @property
    def purpose(self) -> object: ...
    @property
    def today(self) -> str: ...
    @property
    def share(self) -> str: ...
    @property
    def share_range(self) -> str: ...
    @property
    def amount(self) -> str: ...
    @property
    def verdict(self) -> str: ...


def report(
    selection: TownSelection,
    *,
    title: str,
    names: Sequence[str],
    estimates: Sequence[Told],
    caveats: Sequence[str],
) -> Letter:
    note = [selection.note] if selection.note else []
    return Letter(
        subject=_("仕事を一緒にした場合の見積もり（%(title)s）") % {"title": title},
        on=timezone.localdate(selection.created_at),
        body=[
            *note,
            Heading(_("町")),
            "、".join(names),
            Heading(_("見積もり")),
            _("一緒に行う仕事の割合: %(part)s%%。幅は95%%信頼区間で、正の数は節約、負の数は増加です。")
            % {"part": f"{selection.part * 100:.0f}"},
            TableBlock(
                caption=_("目的ごとの見積もり"),
                columns=[
                    _("目的"),
                    _("いま"),
                    _("節約の割合"),
                    _("割合の幅"),
                    _("節約の額・人数"),
                    _("見方"),
                ],
                rows=[
                    [str(one.purpose), one.today, one.share, one.share_range, one.amount, one.verdict]
                    for one in estimates
                ],
            ),
            Heading(_("この見積もりが示さないこと")),
            Bullets(caveats),
        ],
        note=_(
            "「SSDSE-市区町村（SSDSE-A-2025）」（独立行政法人統計センター）を加工して作成。"
            "全国の市区町村の比べから計算した参考で、決定ではありません。"
        ),
    )
