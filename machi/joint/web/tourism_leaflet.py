"""A plan on paper: one PDF with the maps, the stops, and a code that leads back to the page."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.engine.qr import qr_svg
from machi.base.engine.typesetting import set_pdf
from machi.joint.web.tourism_shown import ShownDay, ShownPlan, Stop

_LONGEST = 90


def leaflet(made: ShownPlan, consortium: str, address: str) -> bytes:
    said = {
        "lang": (get_language() or "ja")[:2],
        "title": _("%(days)s日の行程") % {"days": len(made.days)},
        "dates": f"{date_format(made.plan.starts_on)} – {date_format(made.last_day)}",
        "intro": [consortium, *_intro(made)],
        "address": address,
        "qr": qr_svg(address),
        "days": [_day(day) for day in made.days],
        "notes": notes(made),
        "footer": address if len(address) < 120 else consortium,
    }
    template = files("machi.joint").joinpath("data/leaflet.typ").read_bytes()
    return set_pdf(template, said)


def notes(made: ShownPlan) -> list[str]:
    """What whoever reads a plan must know of it."""
    told = [
        _("移動の時間は、直線の距離からの見積もりです。電車とバスの時刻、道のようすは入っていません。"),
        _("開く日と時刻は町の一覧によります。出かける前に公式のページで確かめてください。"),
        _("地図：「国土数値情報（行政区域データ）」（国土交通省）を加工して作成"),
    ]
    sources = {stop.stop.spot.source for day in made.days for stop in day.stops if stop.stop.spot}
    return [*told, *sorted(_("出典：%(source)s") % {"source": source} for source in sources if source)]


def _intro(made: ShownPlan) -> list[str]:
    places = _("%(visits)sか所を回ります。") % {"visits": made.visits}
    return [places, _("この行程はAI（行程プランナー）がつくりました。")]


def _day(day: ShownDay) -> dict[str, Any]:
    rows = [
        {"when": day.starts_at, "name": day.start, "about": _("出発")},
        *(_row(stop) for stop in day.stops),
    ]
    about = _("着きます（移動 約%(minutes)s分）") % {"minutes": day.back}
    drawn = ""
    if day.map:
        context = {"map": day.map, "label": day.label, "number": day.number, "file": True}
        drawn = render_to_string("joint/tourism/map.svg", context)
    return {
        "heading": _("%(number)s日目") % {"number": day.number}
        + f"　{date_format(day.date, 'MONTH_DAY_FORMAT')}",
        "map": drawn,
        "label": day.label,
        "rows": [*rows, {"when": day.end, "name": day.finish, "about": about}],
    }


def _row(stop: Stop) -> dict[str, str]:
    spot = stop.stop.spot
    if spot is None:
        return {"when": f"{stop.begins}–{stop.ends}", "name": _("昼休み"), "about": ""}
    way = _("移動 約%(minutes)s分") % {"minutes": stop.stop.travel}
    about = [way, str(spot.municipality), spot.address, spot.telephone, spot.fee, spot.told[:_LONGEST]]
    return {
        "when": f"{stop.begins}–{stop.ends}",
        "name": f"{stop.number}. {spot}",
        "about": " / ".join(part.replace("\n", " ") for part in about if part),
    }
