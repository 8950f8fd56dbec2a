"""The same filled form as seven kinds of Office files, each as towns lay them out, with the cell of every value.

Each kind is a function of the form, what is written by field, and a ``random.Random``; it gives the file's bytes and
by field the cells (first row, first column, last row, last column) in which its value stands, for fields that it has.
Equal seeds give equal forms.
"""

from __future__ import annotations

import io
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.styles import Border, Side

from machi.casework.engine.types import FieldDefinition, FormDefinition
from machi.casework.engine.values import plain

Cells = tuple[int, int, int, int]
Made = tuple[bytes, dict[str, Cells]]
_THIN = Side(style="thin")
_BORDER = Border(_THIN, _THIN, _THIN, _THIN)
_ERA = '[$-411]ggge"年"m"月"d"日"'
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'


def sections(form: FormDefinition) -> Iterator[tuple[str, list[FieldDefinition]]]:
    """Fields under their headings; seals are left out, for nobody stamps a file."""
    fields = [one for one in form.fields if one.kind != "seal"]
    for section in dict.fromkeys(one.section for one in fields):
        yield section, [one for one in fields if one.section == section]


def label_of(field: FieldDefinition, chance: random.Random) -> str:
    """As printed, or as people print it: letters set apart, a mark of requirement, a note."""
    label = field.anchors[0] if field.anchors else field.label
    if len(label) == 2 and chance.random() < 0.5:
        label = "　　".join(label)
    elif chance.random() < 0.2:
        label += chance.choice(("（必須）", "※", "：", "（注1）"))
    return label


def shown(field: FieldDefinition, written: str) -> str:
    """What stands in one cell."""
    if field.kind == "choice":
        return "　".join(("☑" if one.key == written else "□") + one.label for one in field.options)
    return ("☑" if written else "□") if field.kind == "check" else written


class _Sheet:
    def __init__(self, form: FormDefinition) -> None:
        self.book = Workbook()
        self.sheet: Any = self.book.worksheets[0]
        self.sheet.title = "申請書"
        self.at: dict[str, Cells] = {}
        self.row = 1
        self.sheet["A1"] = form.title
        self.row = 3

    def put(self, row: int, column: int, value: Any, wide: int = 1, *, border: bool = True) -> Cells:
        cell = self.sheet.cell(row, column, value)
        if wide > 1:
            self.sheet.merge_cells(
                start_row=row, end_row=row, start_column=column, end_column=column + wide - 1
            )
        if border:
            cell.border = _BORDER
        return row, column, row, column + wide - 1

    def made(self) -> Made:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue(), self.at


def excel_beside(form: FormDefinition, written: Mapping[str, str], chance: random.Random) -> Made:
    """Labels and values in merged cells beside each other, two pairs a row; rows are numbered."""
    page = _Sheet(form)
    for section, fields in sections(form):
        if section:
            page.put(page.row, 1, section, 14)
            page.row += 1
        left = True
        for number, field in enumerate(fields, 1):
            wide = field.kind in ("address", "choice", "check") or len(field.label) > 12
            if wide and not left:
                page.row, left = page.row + 1, True
            column = 2 if left else 8
            if left:
                page.put(page.row, 1, number)
            page.put(page.row, column, label_of(field, chance), 2)
            page.at[field.key] = page.put(
                page.row, column + 2, shown(field, written[field.key]) or None, 10 if wide else 4
            )
            left = wide or not left
            page.row += left
        page.row += 1 + (not left)
        _beside_the_form(page, chance)
    return page.made()


def _beside_the_form(page: _Sheet, chance: random.Random) -> None:
    """What the form's definition does not know: another field, a note, the office's own part."""
    label, value = chance.choice(
        (("職業", "会社員"), ("備考", ""), ("※職員記入欄", "受付番号"), ("記入例", "山田　太郎"))
    )
    page.put(page.row, 2, label, 2)
    page.put(page.row, 4, value or None, 4)
    page.row += 1


def excel_grid(form: FormDefinition, written: Mapping[str, str], chance: random.Random) -> Made:
    """Graph paper: narrow columns, merged; a cell for each digit and part; boxes before their words."""
    page = _Sheet(form)
    for column in range(1, 60):
        page.sheet.column_dimensions[page.sheet.cell(1, column).column_letter].width = 2.6
    for section, fields in sections(form):
        if section:
            page.put(page.row, 1, f"{chance.randint(1, 5)}　{section}", 50)
            page.row += 1
        for field in fields:
            text = written[field.key]
            if field.kind == "check":
                page.at[field.key] = page.put(page.row, 1, shown(field, text))
                page.put(page.row, 2, label_of(field, chance), 40, border=False)
            elif field.kind == "choice":
                page.put(page.row, 1, label_of(field, chance), 9)
                column = 10
                for one in field.options:
                    page.put(page.row, column, "☑" if one.key == text else "□", border=False)
                    page.put(page.row, column + 1, one.label, len(one.label) + 1, border=False)
                    column += len(one.label) + 2
                page.at[field.key] = (page.row, 10, page.row, column - 1)
            else:
                page.put(page.row, 1, label_of(field, chance), 9)
                column = 10
                for piece in _pieces(field, text):
                    wide = max(1, 2 * len(piece) - 1) if len(piece) < 5 else 36
                    page.put(page.row, column, piece or None, wide if piece else 36)
                    column += wide if piece else 36
                page.at[field.key] = (page.row, 10, page.row, column - 1)
                if field.kind == "person" and chance.random() < 0.5:
                    page.put(page.row, column + 1, "㊞", border=False)
            page.row += 1
        page.row += 1
        _beside_the_form(page, chance)
    return page.made()


def _pieces(field: FieldDefinition, text: str) -> list[str]:
    half = unicodedata.normalize("NFKC", text)
    if field.kind in ("postal_code", "my_number", "number"):
        return list(re.sub(r"\s", "", half)) or [""]
    if field.kind == "date" and (parts := re.findall(r"[^\d\s年月日]+|\d+|[年月日]", half)) and "年" in parts:
        return parts
    if field.kind == "telephone" and half.count("-") == 2:
        return re.split(r"(-)", half)
    return [text]


def excel_typed(form: FormDefinition, written: Mapping[str, str], chance: random.Random) -> Made:
    """Labels above their values, three a row; days, numbers and ticks as Excel's own values; children as a table."""
    page = _Sheet(form)
    for section, fields in sections(form):
        if section:
            page.put(page.row, 1, f"【{section}】", 6)
            page.row += 1
        children = [one for one in fields if one.key.startswith("child") and one.key[5:6].isdigit()]
        if children:
            _table_of_children(page, children, written)
            continue
        row_of: list[FieldDefinition] = []
        for field in fields:
            row_of.append(field)
            if len(row_of) == 3 or field is fields[-1]:
                for number, one in enumerate(row_of):
                    page.put(page.row, 1 + 2 * number, label_of(one, chance), 2)
                    page.at[one.key] = _typed(page, page.row + 1, 1 + 2 * number, one, written[one.key], 2)
                page.row += 2
                row_of = []
        page.row += 1
    return page.made()


def _table_of_children(page: _Sheet, fields: list[FieldDefinition], written: Mapping[str, str]) -> None:
    kinds = list(dict.fromkeys(one.key[7:] for one in fields))
    by_key = {one.key: one for one in fields}
    page.put(page.row, 2, "氏名")
    for column, kind in enumerate(kinds[1:], 3):
        page.put(page.row, column, by_key[f"child1_{kind}"].anchors[0])
    for child in range(1, 4):
        row = page.row + child
        page.put(row, 1, by_key[f"child{child}_name"].anchors[0])
        for column, kind in enumerate(kinds, 2):
            one = by_key[f"child{child}_{kind}"]
            page.at[one.key] = _typed(page, row, column, one, written[one.key], 1)
    page.row += 5


def _typed(page: _Sheet, row: int, column: int, field: FieldDefinition, text: str, wide: int) -> Cells:
    value: Any = shown(field, text) or None
    layout = ""
    told = plain(field.kind, text)
    if field.kind == "date" and told.value:
        value, layout = date.fromisoformat(told.value), _ERA
    elif field.kind in ("number", "yen") and told.value:
        value, layout = int(told.value), '#,##0"円"' if field.kind == "yen" else "#,##0"
    elif field.kind == "postal_code" and told.value:
        value, layout = int(told.value.replace("-", "")), "000\\-0000"
    elif field.kind == "check":
        value = bool(text)
    cells = page.put(row, column, value, wide)
    if layout:
        page.sheet.cell(row, column).number_format = layout
    return cells


def word_table(form: FormDefinition, written: Mapping[str, str], chance: random.Random) -> Made:
    """One table of four columns: label, value, label, value; headings and long values over all of them."""
    document = Document()
    document.add_heading(form.title)
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    at: dict[str, Cells] = {}
    for section, fields in sections(form):
        if section:
            cells = table.add_row().cells
            cells[0].merge(cells[3]).text = f"■　{section}"
        left: list[Any] = []
        for field in fields:
            wide = field.kind in ("address", "choice", "check") or len(field.label) > 12
            if not left or wide:
                left = list(table.add_row().cells)
            label, value, *left = left
            label.text = label_of(field, chance)
            row = len(table.rows)
            column = 2 if len(left) == 2 else 4
            if wide:
                value, left = value.merge(left[-1]), []
            value.text = shown(field, written[field.key])
            at[field.key] = (row, column, row, 4 if wide else column)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), at


def word_controls(form: FormDefinition, written: Mapping[str, str], chance: random.Random) -> Made:
    """A table of labels and content controls: text, boxes to tick, and what is to be filled in where nothing is."""
    document = Document()
    document.add_paragraph(form.title)
    at: dict[str, Cells] = {}
    for number, (section, fields) in enumerate(sections(form), 1):
        if section:
            document.add_paragraph(f"{number}．{section}")
        table = document.add_table(rows=len(fields), cols=2)
        for row, field in enumerate(fields):
            table.cell(row, 0).text = label_of(field, chance)
            paragraph = table.cell(row, 1).paragraphs[0]
            for part in _controls(field, written[field.key]):
                paragraph._p.append(parse_xml(part))
            at[field.key] = (row + 1, 2, row + 1, 2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), at


def _controls(field: FieldDefinition, text: str) -> Iterator[str]:
    if field.kind == "choice":
        for one in field.options:
            yield _tick(one.key == text)
            yield f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{one.label}　</w:t></w:r>'
    elif field.kind == "check":
        box = f'<w:checkBox><w:checked w:val="{int(bool(text))}"/></w:checkBox>'
        begin = f'<w:fldChar w:fldCharType="begin"><w:ffData>{box}</w:ffData></w:fldChar>'
        yield f"<w:r {nsdecls('w')}>{begin}</w:r>"
        yield f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="end"/></w:r>'
    else:
        hint = "" if text else "<w:showingPlcHdr/>"
        yield _control(hint, text or "クリックまたはタップしてテキストを入力してください。")


def _tick(ticked: bool) -> str:
    state = f'<w14:checkbox {_W14}><w14:checked w14:val="{int(ticked)}"/></w14:checkbox>'
    return _control(state, "☒" if ticked else "☐")


def _control(about: str, words: str) -> str:
    content = f"<w:sdtContent><w:r><w:t>{words}</w:t></w:r></w:sdtContent>"
    return f"<w:sdt {nsdecls('w')}><w:sdtPr>{about}</w:sdtPr>{content}</w:sdt>"


def word_lines(form: FormDefinition, written: Mapping[str, str], chance: random.Random) -> Made:
    """No table: a label, a colon or a tab, and the value; sometimes two on a line. A value's cell is its line."""
    document = Document()
    lines = [form.title]
    at: dict[str, Cells] = {}
    for section, fields in sections(form):
        if section:
            lines.append(f"〔{section}〕" if chance.random() < 0.3 else f"◆{section}")
        room = False
        for field in fields:
            joint = chance.choice(("：", ":", "\t", "　　", "： "))
            text = shown(field, written[field.key])
            words = f"{label_of(field, chance).rstrip('：')}{joint}{text}"
            if room and field.kind in ("telephone", "postal_code", "date", "number") and text:
                lines[-1] += f"　　{words}"
                room = False
            else:
                lines.append(words)
                room = field.kind in ("person", "date", "telephone") and bool(text)
            at[field.key] = (len(lines), 1, len(lines), 1)
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), at


def word_own(form: FormDefinition, written: Mapping[str, str], chance: random.Random) -> Made:
    """A town's own wording: other spellings of the labels, no headings, and some of the fields that may be empty are
    not there at all."""
    document = Document()
    document.add_paragraph(form.title)
    table = document.add_table(rows=0, cols=2)
    at: dict[str, Cells] = {}
    for _section, fields in sections(form):
        for field in fields:
            if not field.required and chance.random() < 0.3:
                continue
            label, value = table.add_row().cells
            label.text = chance.choice((*field.anchors, field.label))
            value.text = shown(field, written[field.key])
            at[field.key] = (len(table.rows), 2, len(table.rows), 2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), at


KINDS: Mapping[str, tuple[str, Callable[[FormDefinition, Mapping[str, str], random.Random], Made]]] = {
    "excel-beside": ("a.xlsx", excel_beside),
    "excel-grid": ("a.xlsx", excel_grid),
    "excel-typed": ("a.xlsx", excel_typed),
    "word-table": ("a.docx", word_table),
    "word-controls": ("a.docx", word_controls),
    "word-lines": ("a.docx", word_lines),
    "word-own": ("a.docx", word_own),
}
