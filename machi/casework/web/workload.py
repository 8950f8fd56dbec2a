"""How many applications are expected, and how long they take."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.base.web.access import staff
from machi.base.web.export import export
from machi.casework.domain import workload as verbs
from machi.casework.engine.lines import line
from machi.casework.web.applications import SEE

_SINCE = timedelta(days=365)


@staff(SEE)
def workload(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    today = timezone.localdate()
    expected = verbs.expected(today)
    columns = [_("日"), _("見込み（件）"), _("少ないとき"), _("多いとき"), _("もとにした週")]
    rows = [
        [
            one.day if "format" in request.GET else date_format(one.day, "Y/m/d（D）"),
            f"{one.mean:.1f}",
            f"{one.low:.1f}",
            f"{one.high:.1f}",
            one.weeks,
        ]
        for one in expected
    ]
    if "format" in request.GET:
        return export(request, "workload", columns, rows)
    arrived = verbs.arrivals(today)
    weeks: dict[date, int] = {}
    for day, count in sorted(arrived.items()):
        monday = day - timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, 0) + count
    context = {
        "title": _("申請の件数と日数"),
        "columns": columns,
        "rows": rows,
        "week_columns": [_("週（月曜日）"), _("受付（件）")],
        "weeks": [[date_format(monday, "Y/m/d"), count] for monday, count in weeks.items()],
        "chart": line([float(one) for one in weeks.values()], [date_format(one, "n/j") for one in weeks]),
        "time_columns": [
            _("手続"),
            _("決めた数"),
            _("半分はこの日数まで"),
            _("9割はこの日数まで"),
            _("期限に遅れた数"),
        ],
        "times": [
            [one.title, one.times.count, f"{one.times.median:g}", f"{one.times.ninth:g}", one.times.late]
            for one in verbs.by_procedure(today - _SINCE)
        ],
    }
    return render(request, "casework/applications/workload.html", context)
