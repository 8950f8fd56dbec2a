"""Reasons and problems of exercises in sentences, for pages, the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.language.engine.types import Reason
from machi.learning.engine.exercise_types import ItemResult, Problem, Result
from machi.learning.engine.item_statistics import Word

CLAIM_KEYS: Mapping[str, str | Promise] = {
    "supported": gettext_lazy("出典から言える"),
    "contradicted": gettext_lazy("出典と食い違う"),
    "absent": gettext_lazy("出典に書かれていない"),
}
CORRELATIONS: Mapping[str, str | Promise] = {
    "positive": gettext_lazy("一方が高いほど、もう一方も高い"),
    "negative": gettext_lazy("一方が高いほど、もう一方は低い"),
    "none": gettext_lazy("はっきりした関係はない"),
}
CRITERIA: Mapping[str, str | Promise] = {
    "purpose": gettext_lazy("何を作るのかを頼んでいる"),
    "source": gettext_lazy("何を根拠にするかを言っている"),
    "audience": gettext_lazy("だれが読むのかを言っている"),
    "format": gettext_lazy("形を言っている"),
    "says": gettext_lazy("必要な条件を言っている"),
    "length": gettext_lazy("長さを言っている"),
    "unknown": gettext_lazy("資料にないことをどうするかを言っている"),
    "no_personal": gettext_lazy("個人情報を入れていない"),
    "out_grounded": gettext_lazy("出てきた文が、どれも資料に支えられている"),
    "out_length": gettext_lazy("出てきた文が、長すぎない"),
    "out_says": gettext_lazy("出てきた文に、大事なことが入っている"),
    "out_no_personal": gettext_lazy("出てきた文に、個人情報が入っていない"),
}
_REASONS: Mapping[str, str | Promise] = {
    "unanswered": gettext_lazy("答えていません。"),
    "mask_found": gettext_lazy("隠せています。"),
    "mask_part": gettext_lazy("一部が見えたままです。"),
    "mask_missed": gettext_lazy("見えたままです。"),
    "mask_kept": gettext_lazy("残せています。"),
    "mask_wrongly": gettext_lazy("隠す必要のない言葉を隠しています。"),
    "mask_nothing": gettext_lazy("何も隠していないので、残したことにはなりません。"),
    "mask_by_machine": gettext_lazy("機械（個人情報の検出）も見つけるものです。"),
    "mask_not_by_machine": gettext_lazy("機械（個人情報の検出）は見落とします。人の目が要ります。"),
    "mask_machine_left": gettext_lazy("隠した後の文に、機械が見つける個人情報が%(count)s件残っています。"),
    "mask_machine_clear": gettext_lazy("隠した後の文に、機械が見つける個人情報は残っていません。"),
    "mask_over": gettext_lazy("隠す必要のない文字の%(percent)s%%を隠したため、点を引いています。"),
    "ground_right": gettext_lazy("合っています（%(key)s）。"),
    "ground_wrong": gettext_lazy("「%(said)s」ではなく「%(key)s」です。"),
    "ground_quote": gettext_lazy("出典の言葉：「%(quote)s」"),
    "ground_chance": gettext_lazy("どれにも同じ答えを選べば取れる分は、点から引いています。"),
    "ground_all_same": gettext_lazy(
        "どれにも同じ答えを選んだため、点になりません。文ごとに出典と見比べてください。"
    ),
    "instruct_asks_nothing": gettext_lazy(
        "何かを頼む文がありません。「～を作ってください」のように、してほしいことを文で書いてください。"
    ),
    "instruct_said": gettext_lazy("「%(word)s」と言えています。"),
    "instruct_dropped": gettext_lazy(
        "「%(word)s」という言葉はありますが、文の中で使われていません。助詞でつなぐか「形式：箇条書き」のように書いてください。"
    ),
    "instruct_not_said": gettext_lazy("言っていません。"),
    "instruct_length": gettext_lazy("%(said)sと、ちょうどよい長さを言えています。"),
    "instruct_length_off": gettext_lazy(
        "%(said)sと言っていますが、%(least)sから%(most)sまでが求められています。"
    ),
    "instruct_no_length": gettext_lazy("長さを数で言っていません（%(least)sから%(most)sまで）。"),
    "instruct_unknown": gettext_lazy("言えています。"),
    "instruct_not_unknown": gettext_lazy("言っていません。AIは、資料にないことを補いがちです。"),
    "instruct_personal": gettext_lazy("個人情報らしいものが%(count)s件あります。"),
    "instruct_no_personal": gettext_lazy("個人情報は見つかりません。"),
    "instruct_held_back": gettext_lazy(
        "指示文についての基準が満たされた割合（%(percent)s%%）だけを点にしています。"
    ),
    "out_nothing": gettext_lazy("何も出てきていません。"),
    "out_grounded": gettext_lazy("どの文も資料に支えられています。"),
    "out_ungrounded": gettext_lazy("%(of)s文のうち%(count)s文が、資料に支えられていません。"),
    "out_length": gettext_lazy("%(count)s字で、%(most)s字以内です。"),
    "out_too_long": gettext_lazy("%(count)s字で、%(most)s字を超えています。"),
    "out_says": gettext_lazy("「%(word)s」が入っています。"),
    "out_not_said": gettext_lazy("「%(word)s」が入っていません。"),
    "out_personal": gettext_lazy("個人情報らしいものが%(count)s件あります。"),
    "out_no_personal": gettext_lazy("個人情報は見つかりません。"),
    "fact_told": gettext_lazy("書けています。"),
    "fact_not_told": gettext_lazy("書かれていないか、違うことが書かれています。"),
    "summary_length": gettext_lazy("%(count)s字で、%(most)s字以内です。"),
    "summary_too_long": gettext_lazy(
        "%(count)s字で、%(most)s字を超えています。超えた分だけ点を引き、1.5倍からは0点です。"
    ),
    "summary_heap": gettext_lazy(
        "言葉を並べただけの文が%(count)s文あり、数えていません。助詞でつないで書いてください。"
    ),
    "summary_unsupported": gettext_lazy(
        "「%(sentence)s」の「%(missing)s」は元の文にありません（25点引き）。"
    ),
    "summary_opposite": gettext_lazy("「%(sentence)s」は元の文と反対のことを言っています（25点引き）。"),
    "number_right": gettext_lazy("合っています（%(key)s）。"),
    "number_unit": gettext_lazy("数は合っていますが、単位が違います。正しくは%(key)sです（半分の点）。"),
    "number_scale": gettext_lazy("けたが違います。正しくは%(key)sです。"),
    "number_wrong": gettext_lazy("「%(said)s」ではありません。正しくは%(key)sです。"),
    "number_unread": gettext_lazy("「%(said)s」は1つの数として読めません。正しくは%(key)sです。"),
    "data_right": gettext_lazy("合っています（%(key)s）。"),
    "data_wrong": gettext_lazy("「%(said)s」ではなく「%(key)s」です。"),
    "choice_right": gettext_lazy("合っています。"),
    "choice_wrong": gettext_lazy("「%(said)s」ではなく「%(key)s」です。"),
    "multiple_missed": gettext_lazy("選んでいない正しいもの：%(options)s"),
    "multiple_over": gettext_lazy("選ぶべきでないもの：%(options)s"),
    "order_right": gettext_lazy("合っています。"),
    "order_part": gettext_lazy("一部の順番が違います。正しくは %(key)s です。"),
    "order_wrong": gettext_lazy("順番が違います。正しくは %(key)s です。"),
    "order_incomplete": gettext_lazy(
        "同じ番号が2つあるか、番号のないものがあります。正しくは %(key)s です。"
    ),
    "match_right": gettext_lazy("合っています。"),
    "match_wrong": gettext_lazy("「%(left)s」は「%(right)s」です。"),
    "match_too_often": gettext_lazy("「%(right)s」を何度も選んだため、それは点になりません。"),
    "text_right": gettext_lazy("合っています。"),
    "text_wrong": gettext_lazy("「%(said)s」ではありません。正しくは「%(key)s」などです。"),
}
_PROBLEMS: Mapping[str, str | Promise] = {
    "missing": gettext_lazy("必要な項目がありません。"),
    "unknown_field": gettext_lazy("知らない項目です。つづりを確かめてください。"),
    "not_object": gettext_lazy("オブジェクト（{ }）ではありません。"),
    "not_list": gettext_lazy("配列（[ ]）ではありません。"),
    "not_text": gettext_lazy("文字列でないか、空です。"),
    "not_number": gettext_lazy("数ではありません。"),
    "not_whole": gettext_lazy("整数ではありません。"),
    "not_boolean": gettext_lazy("true か false ではありません。"),
    "not_choice": gettext_lazy("選べるのは次のどれかです: %(value)s"),
    "not_id": gettext_lazy("半角の小文字、数字、ハイフンで40字までにしてください。"),
    "too_long": gettext_lazy("長すぎます。%(value)s字までです。"),
    "out_of_range": gettext_lazy("範囲の外です（%(value)s）。"),
    "how_many": gettext_lazy("数が合いません（%(value)s個）。"),
    "twice": gettext_lazy("2度出ています: %(value)s"),
    "too_large": gettext_lazy("ファイルが大きすぎます。%(value)sバイトまでです。"),
    "not_json": gettext_lazy("JSONとして読めません（行: %(value)s）。"),
    "not_in_text": gettext_lazy("本文の中に、この言葉がありません。"),
    "overlaps": gettext_lazy("ほかの項目と本文の中で重なっています。"),
    "unexplained": gettext_lazy(
        "個人情報の検出が「%(value)s」を見つけましたが、personal にも keep にもありません。"
    ),
    "not_in_source": gettext_lazy("出典の中に、この言葉がそのままありません。"),
    "quote_of_absent": gettext_lazy("出典にない文（absent）には、引用を付けられません。"),
    "one_key": gettext_lazy("答えが1種類だけです。少なくとも2種類にしてください。"),
    "no_purpose": gettext_lazy("purpose の基準が必要です。"),
    "mostly_output": gettext_lazy("指示文についての基準が、半分より少なくなっています。"),
    "not_full": gettext_lazy("例（example）が満点になりません: %(value)s"),
    "hardly_shorter": gettext_lazy("元の文（%(value)s字）は、上限の1.5倍より長くしてください。"),
    "no_words": gettext_lazy("数や記号だけでなく、言葉も入れてください。"),
    "unknown_town": gettext_lazy("この番号の市区町村はSSDSEにありません: %(value)s"),
    "unknown_indicator": gettext_lazy("この番号の指標はSSDSEにありません: %(value)s"),
    "no_figure": gettext_lazy("この指標の値が計算できません。"),
    "tie": gettext_lazy("同じ値の自治体が2つあり、答えが1つに決まりません。"),
    "unclear_relation": gettext_lazy("相関係数の大きさ（%(value)s）が、関係があるともないとも言えません。"),
    "all_right": gettext_lazy("すべてが正解です。間違いの選択肢を入れてください。"),
    "all_same": gettext_lazy("すべて同じ相手になっています。"),
    "not_all": gettext_lazy("すべての選択肢を1度ずつ並べてください: %(value)s"),
    "same_place": gettext_lazy("正解が%(value)s番目に偏っています。選択肢の順を変えてください。"),
}
STATISTICS: Mapping[Word, str | Promise] = {
    Word.FEW: gettext_lazy("5人未満のため示しません"),
    Word.TOO_EASY: gettext_lazy("やさしすぎる"),
    Word.TOO_HARD: gettext_lazy("難しすぎる"),
    Word.CHECK_KEY: gettext_lazy("できる人ほど間違える。正解の設定を確かめる"),
    Word.NOT_DISCRIMINATING: gettext_lazy("できる人とできない人を分けていない"),
    Word.UNCLEAR: gettext_lazy("人数が少なく、識別力はまだ分からない"),
    Word.GOOD: gettext_lazy("よい"),
}
"""What the figures of an item say."""


def reason_words(reason: Reason) -> str:
    """A sentence. Codes among its values are put into words too."""
    values = {name: _value(value) for name, value in reason.values}
    if reason.code == "author":  # what the author of the exercise says of a wrong option
        return values["text"]
    return str(_REASONS[reason.code]) % values if values else str(_REASONS[reason.code]).replace("%%", "%")


def problem_words(problem: Problem) -> str:
    """``task.personal[2].text: …``"""
    said = str(_PROBLEMS[problem.code]) % {"value": problem.value}
    return f"{problem.path}: {said}" if problem.path else said


def about_words(item: ItemResult) -> str:
    """What an item asks, as a person reads it."""
    return str(CRITERIA.get(item.about, item.about))


def result_words(result: Result) -> list[str]:
    """What is to be said beside the items."""
    return [reason_words(one) for one in result.overall]


def points_words(points: float) -> str:
    if points >= 1:
        return _("できた")
    return _("一部できた") if points > 0 else _("まだ")


def _value(value: object) -> str:
    if isinstance(value, str) and value in CLAIM_KEYS:
        return str(CLAIM_KEYS[value])
    if isinstance(value, str) and value in CORRELATIONS:
        return str(CORRELATIONS[value])
    return str(value)
