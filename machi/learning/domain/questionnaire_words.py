"""What is wrong with answers or with a form, in words."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from machi.learning.engine.questionnaire import Condition, Form, Kind, Problem, Question, said

KINDS: dict[Kind, str | Promise] = {
    Kind.SINGLE: gettext_lazy("1つ選ぶ"),
    Kind.MULTIPLE: gettext_lazy("あてはまるものすべて"),
    Kind.MATRIX: gettext_lazy("表（行ごとに1つ選ぶ）"),
    Kind.NUMBER: gettext_lazy("数"),
    Kind.TEXT: gettext_lazy("文"),
    Kind.DATE: gettext_lazy("日付"),
}

ANSWERS: dict[str, str | Promise] = {
    "missing": gettext_lazy("答えてください。"),
    "not_an_option": gettext_lazy("選択肢の中から選んでください。"),
    "twice": gettext_lazy("同じ選択肢が2回あります。"),
    "alone": gettext_lazy("「ない」「分からない」などの選択肢は、ほかの選択肢といっしょに選べません。"),
    "too_few": gettext_lazy("%(value)s個以上を選んでください。"),
    "too_many": gettext_lazy("%(value)s個まで選べます。"),
    "unknown_row": gettext_lazy("この行はこの質問にありません。"),
    "unknown_question": gettext_lazy("「%(value)s」という質問はありません。"),
    "not_asked": gettext_lazy("前の答えにより、この質問には答えないことになっています。"),
    "not_a_number": gettext_lazy("数を半角で入れてください。"),
    "not_whole": gettext_lazy("小数ではない数を入れてください。"),
    "out_of_range": gettext_lazy("入れられる範囲の外です。"),
    "not_a_date": gettext_lazy("日付として読めません。2026-04-01 のように書いてください。"),
    "not_a_text": gettext_lazy("文字で書いてください。"),
    "too_long": gettext_lazy("長すぎます（%(value)s字）。短くしてください。"),
    "not_a_mark": gettext_lazy("選ぶときは「○」を、選ばないときは空欄にしてください。"),
    "no_key": gettext_lazy("記号が消えています。もとの行の記号を写してください。"),
    "line_twice": gettext_lazy("同じ記号の行が2つあります。"),
}

ALREADY_CHANGED = gettext_lazy(
    "ほかの人がこの答えを先に変えました。もう一度保存すると、ここに書かれている答えになります。"
)

FORMS: dict[str, str | Promise] = {
    "not_a_form": gettext_lazy("質問票の形をしていません。"),
    "not_a_question": gettext_lazy("質問として読めません。種類と項目を確かめてください。"),
    "too_many_questions": gettext_lazy("質問は%(value)s個までです。"),
    "question_twice": gettext_lazy("同じ記号の質問が2つあります。"),
    "bad_id": gettext_lazy(
        "記号は小文字の英字で始め、英数字と _ だけで40字までにしてください。「%(value)s」"
    ),
    "no_words": gettext_lazy("言葉が空です。日本語の言葉を書いてください。"),
    "no_options": gettext_lazy("選択肢がありません。"),
    "no_rows": gettext_lazy("表の行がありません。"),
    "too_many_options": gettext_lazy("選択肢や行は%(value)s個までです。"),
    "option_twice": gettext_lazy("同じ記号の選択肢や行があります。"),
    "bounds": gettext_lazy("下限が上限より大きくなっています。"),
    "longest": gettext_lazy("文字数の上限は1から%(value)sまでです。"),
    "condition_not_earlier": gettext_lazy("条件は、これより前にある質問にだけ付けられます。「%(value)s」"),
    "condition_no_option": gettext_lazy("条件に使う選択肢や行が、もとの質問にありません。「%(value)s」"),
    "condition_no_number": gettext_lazy("数の条件は、数を答える質問にだけ付けられます。「%(value)s」"),
}


def why(problem: Problem) -> str:
    """The reason alone, for showing at the question it is about."""
    words = str(ANSWERS.get(problem.code) or FORMS[problem.code])
    return words % {"value": problem.value} if "%(value)s" in words else words


def told(problem: Problem, form: Form | None = None) -> str:
    """The reason with the question (and row) it is about, in the words of the form."""
    if not problem.question:
        return why(problem)
    language = get_language() or "ja"
    question = form.get(problem.question) if form else None
    place = said(question.words, language) if question else problem.question
    if question and problem.row:
        row = next((one for one in question.rows if one.id == problem.row), None)
        place += f"（{said(row.words, language) if row else problem.row}）"
    return f"{place}: {why(problem)}"


def condition_told(question: Question, form: Form) -> str:
    """When the question is to be answered, for whoever reads it on paper or without JavaScript; "" for always."""
    language = get_language() or "ja"
    numbers = {one.id: number for number, one in enumerate(form, 1)}
    parts = [
        _condition(one, form[one.question], numbers[one.question], language)
        for one in question.when
        if one.question in numbers
    ]
    return (
        _("%(conditions)sときに答えてください。") % {"conditions": _("、かつ").join(parts)} if parts else ""
    )


def _condition(condition: Condition, on: Question, number: int, language: str) -> str:
    place: dict[str, Any] = {"number": number}
    if condition.options:
        options = _("」か「").join(
            said(one.words, language) for one in on.options if one.id in condition.options
        )
        row = next((said(one.words, language) for one in on.rows if one.id == condition.row), "")
        place |= {"options": options, "row": row}
        if condition.negated:
            words = (
                _("問%(number)sの「%(row)s」で「%(options)s」以外を選んだ")
                if row
                else _("問%(number)sで「%(options)s」以外を選んだ")
            )
        else:
            words = (
                _("問%(number)sの「%(row)s」で「%(options)s」を選んだ")
                if row
                else _("問%(number)sで「%(options)s」を選んだ")
            )
        return words % place
    place |= {"least": _plain(condition.least), "most": _plain(condition.most)}
    if condition.least is not None and condition.most is not None:
        words = (
            _("問%(number)sが%(least)sから%(most)sまででない")
            if condition.negated
            else _("問%(number)sが%(least)sから%(most)sまでの")
        )
    elif condition.least is not None:
        words = (
            _("問%(number)sが%(least)s以上でない")
            if condition.negated
            else _("問%(number)sが%(least)s以上の")
        )
    elif condition.most is not None:
        words = (
            _("問%(number)sが%(most)s以下でない") if condition.negated else _("問%(number)sが%(most)s以下の")
        )
    else:
        words = _("問%(number)sに答えた")
    return words % place


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"


def how_to_answer(question: Question, form: Form) -> str:
    """For a list to be filled in and on paper: what kind of answer, within which bounds, and when."""
    parts = [_kind(question)]
    if question.required:
        parts.append(_("必須"))
    if when := condition_told(question, form):
        parts.append(when)
    return " / ".join(part for part in parts if part)


def _kind(question: Question) -> str:
    bounds = {"least": _plain(question.least), "most": _plain(question.most)}
    match question.kind:
        case Kind.SINGLE | Kind.MATRIX:
            return _("1つ選ぶ")
        case Kind.MULTIPLE:
            return (
                _("%(most)s個まで○を付ける") % bounds
                if question.most is not None
                else _("あてはまるものすべてに○")
            )
        case Kind.NUMBER:
            unit = said(question.unit, get_language() or "ja")
            if question.least is not None and question.most is not None:
                return _("数（%(least)s〜%(most)s %(unit)s）") % {**bounds, "unit": unit}
            return _("数（%(unit)s）") % {"unit": unit} if unit else _("数")
        case Kind.DATE:
            return _("日付（例 2026-04-01）")
        case Kind.TEXT:
            return _("文（%(longest)s字まで）") % {"longest": question.longest}
