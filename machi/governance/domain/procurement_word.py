"""The requirements document of a procurement check as Word: need, requirements, evaluation, questions, clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Mm

from machi.base.engine.letters import japanese
from machi.governance.engine.procurement import Asked
from machi.governance.engine.scoring import MOST, Formula, Method


@dataclass(frozen=True, slots=True)
class Need:
    """What the document says of the need. Budget and ceiling are left out on purpose: vendors read this."""

    issuer: str
    title: str
    purpose: str
    users: str
    data: str
    starts_on: date | None
    answers_by: date | None


def requirements_document(need: Need, asked: Sequence[Asked], formula: Formula) -> bytes:
    """The .docx file. Clauses are numbered as articles in the order of the items."""
    document = Document()
    japanese(document)
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
    document.add_heading(need.title, 0)
    document.add_paragraph(_("要件書（案）　%(issuer)s") % {"issuer": need.issuer})
    _need(document, need)
    _requirements(document, asked)
    _evaluation(document, asked, formula)
    document.add_heading(_("4　事業者への質問"), 1)
    for one in asked:
        if one.question:
            document.add_paragraph(f"{one.title}（{one.code}）: {one.question}", style="List Bullet")
    document.add_heading(_("5　契約に入れる条項（案）"), 1)
    for number, one in enumerate((one for one in asked if one.clause), 1):
        document.add_paragraph().add_run(
            _("第%(number)s条（%(title)s）") % {"number": number, "title": one.title}
        ).bold = True
        document.add_paragraph(one.clause)
    document.add_heading(_("6　よりどころにした文書"), 1)
    for name in dict.fromkeys(name for one in asked for name in one.follows.split("、") if name):
        document.add_paragraph(name, style="List Bullet")
    document.add_paragraph(
        _(
            "条項と要件の文は、上の文書の考え方にそって書いたもので、文書の引用ではありません。契約の担当課が確かめてから使ってください。"
        )
    )
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _need(document: WordDocument, need: Need) -> None:
    document.add_heading(_("1　目的と使い方"), 1)
    rows = [
        (_("何のために使うか"), need.purpose),
        (_("誰がどこで使うか"), need.users),
        (_("扱うデータ"), need.data),
        (_("使い始める日"), date_format(need.starts_on) if need.starts_on else ""),
        (_("回答の期限"), date_format(need.answers_by) if need.answers_by else ""),
    ]
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in rows:
        if value:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(40), Mm(120)


def _requirements(document: WordDocument, asked: Sequence[Asked]) -> None:
    document.add_heading(_("2　要件"), 1)
    document.add_paragraph(
        _("「必須」は満たさなければ選定の対象にならない要件、「任意」は満たす程度を評価する要件です。")
    )
    _table(
        document,
        (_("項目"), _("要件"), _("区分")),
        [(one.title, one.requirement, _("必須") if one.must else _("任意")) for one in asked],
        (35, 110, 15),
    )


def _evaluation(document: WordDocument, asked: Sequence[Asked], formula: Formula) -> None:
    document.add_heading(_("3　評価の方法"), 1)
    document.add_paragraph(formula_in_words(formula))
    document.add_paragraph(
        _(
            "技術点は、項目ごとに0点から%(most)s点で採点し、「技術点の満点（%(full)s点）×重み÷100×点数÷%(most)s」を合計します。"
        )
        % {"most": MOST, "full": f"{formula.quality_points.normalize():f}"}
    )
    rows = [
        (one.title, one.criterion, f"{one.weight.normalize():f}")
        for one in asked
        if one.weight and one.criterion
    ]
    _table(document, (_("項目"), _("評価の観点"), _("重み")), rows, (35, 110, 15))


def formula_in_words(formula: Formula) -> str:
    """How quality and price become one value."""
    base = f"{formula.base_points.normalize():f}"
    if formula.method is Method.DIVISION:
        return _("除算方式: 評価値＝（基礎点%(base)s点＋技術点）÷価格（100万円あたり）。") % {"base": base}
    if not formula.price_points:
        return _("技術点だけで評価します（価格点なし）。")
    return _("加算方式: 評価値＝技術点＋価格点。価格点＝%(points)s点×（1－価格÷予定価格）。") % {
        "points": f"{formula.price_points.normalize():f}"
    }


def _table(
    document: WordDocument,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
) -> None:
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for line in table.rows:
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = Mm(width)
