"""A project's progress report and its model sheet, as letters (PDF and Word)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.base.engine.letters import Block, Bullets, Heading, Letter, TableBlock
from machi.joint.models import JointProject, ModelSheet, ProjectReport


@dataclass(frozen=True, slots=True)
class KpiText:
    """A figure, already in words."""

    name: str
    unit: str
    standing: str
    words: str
    rows: Sequence[Sequence[str]]


def progress_letter(
    project: JointProject,
    kpis: Sequence[KpiText],
    reports: Sequence[tuple[str, ProjectReport]],
    *,
    money: str,
    today: date,
) -> Letter:
    """How the project stands; ``reports`` are those that the reader may see, with their half-year in words."""
    body: list[Block] = [
        _("期間: %(start)sから%(end)s。参加: %(towns)s。事業費: %(amount)s円。%(money)s")
        % {
            "start": date_format(project.starts_on),
            "end": date_format(project.ends_on),
            "towns": "、".join(str(town) for town in project.members.all()),
            "amount": f"{project.amount:,}",
            "money": money,
        },
        Heading(_("指標")),
    ]
    for kpi in kpis:
        body.append(f"{kpi.name}: {kpi.standing}。{kpi.words}")
        columns = [_("半期"), _("計画"), _("実績"), _("差"), _("報告")]
        body.append(TableBlock(f"{kpi.name}（{kpi.unit}）", columns, kpi.rows))
    milestones = [
        [one.title, date_format(one.due_on), date_format(one.done_on) if one.done_on else "－"]
        for one in project.milestones.all()
    ]
    if milestones:
        body.append(TableBlock(_("到達点"), [_("到達点"), _("予定日"), _("達成日")], milestones))
    for half, report in reports:
        body.append(Heading(f"{half} {report.town}"))
        body += [text for text in (report.did, report.problems, report.ahead) if text.strip()]
    return Letter(_("「%(title)s」の進み具合") % {"title": project.title}, body, on=today)


def sheet_letter(sheet: ModelSheet, kpis: Sequence[KpiText], *, today: date) -> Letter:
    """The model sheet with what the project reached and what came of it elsewhere."""
    body: list[Block] = [sheet.summary]
    for title, text in (
        (_("どんな困りごとを解いたか"), sheet.problem),
        (_("始める前に必要なもの（人・物・合意）"), sheet.needs),
        (_("費用と期間の目安"), sheet.costs),
        (_("つまずいたところと、避け方"), sheet.pitfalls),
        (_("向いている自治体・向かない自治体"), sheet.fits),
    ):
        if text.strip():
            body += [Heading(title), text]
    body += [Heading(_("進め方")), Bullets([line for line in sheet.steps.splitlines() if line.strip()])]
    if kpis:
        body += [Heading(_("この事業の成果")), *(f"{kpi.name}: {kpi.standing}。{kpi.words}" for kpi in kpis)]
    adoptions = [
        [str(one.town), date_format(one.adopted_on), one.get_state_display(), one.outcome]
        for one in sheet.adoptions.select_related("town", "town__prefecture")
    ]
    if adoptions:
        columns = [_("自治体"), _("取り入れた日"), _("結果"), _("どうなったか")]
        body.append(TableBlock(_("取り入れた自治体"), columns, adoptions))
    return Letter(_("横展開モデル「%(title)s」") % {"title": sheet.project.title}, body, on=today)
