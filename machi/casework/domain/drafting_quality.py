"""How good the AI systems of drafting are: what ``bench/drafts.py`` and ``bench/transcripts.py`` measured last, as
shipped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.base.rooms import QualityLine


@cache
def _figures(of: str) -> dict[str, float | str]:
    text = files("machi.casework").joinpath(f"data/{of}_measured.json").read_text("utf-8")
    figures: dict[str, float | str] = json.loads(text)
    return figures


def draft(municipality: Municipality) -> Sequence[QualityLine]:
    return [
        _line(_("抜き出した文のうち、出典の場所に一字一句そのままあるもの"), "extracted_true_source"),
        _line(_("抜き出した下書き（4文）に、求められたことが入っていた割合"), "extracted_key"),
    ]


def summary(municipality: Municipality) -> Sequence[QualityLine]:
    return [
        _line(_("元の3割の長さの要約に残った大事なことの割合"), "summary_coverage"),
        _line(_("要約の文のうち、出典の場所に一字一句そのままあるもの"), "summary_true_source"),
    ]


def minutes(municipality: Municipality) -> Sequence[QualityLine]:
    return [
        _line(_("決定の再現率（別の人が書いた会議のうち、調整に使わなかった10件）"), "decisions_recall"),
        _line(_("決定の適合率（同じ）"), "decisions_precision"),
        _line(
            _("決定の再現率（同じ。「確かめてください」に出したものも数える）"), "decisions_recall_doubtful"
        ),
        _line(_("宿題の再現率（別の人が書いた会議のうち、調整に使わなかった10件）"), "tasks_recall"),
        _line(_("宿題の適合率（同じ）"), "tasks_precision"),
        _line(_("宿題の再現率（同じ。「確かめてください」に出したものも数える）"), "tasks_recall_doubtful"),
    ]


def transcripts(municipality: Municipality) -> Sequence[QualityLine]:
    """Of the shipped English weights; what a model of the site's own does is not known here."""
    return [
        _line(_("英語の合成音声での単語誤り率（日本語は測っていません）"), "word_error_rate", "transcripts"),
        _line(_("誤りのある文のうち、要確認の印が付いた割合（同じ）"), "marked_wrong", "transcripts"),
        _line(_("正しい文のうち、要確認の印が付いた割合（同じ）"), "marked_right", "transcripts"),
    ]


def _line(label: str, name: str, of: str = "drafts") -> QualityLine:
    figures = _figures(of)
    measured = date.fromisoformat(str(figures["on"]))
    return QualityLine(label, f"{float(figures[name]) * 100:.1f}%", measured, f"docs/bench/{of}.md")
