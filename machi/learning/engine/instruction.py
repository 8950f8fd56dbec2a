"""Reading an instruction: is anything asked for, and are the words of a criterion said or only dropped.

A word is *said* where it stands in a sentence with a predicate, joined to it by a particle that fits its part (住民向け
に, 200字以内の); below or behind a fitting label (``形式：箇条書き``, a heading ``# 形式``); or as an item of a list of
conditions that can be understood alone (``・200字以内``). Keywords in a heap have none of these.
Rules over the search form and SudachiPy's parts of speech; no model judges, so the same text is judged the same always.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from machi.language.engine.sentences import sentence_ends
from machi.language.engine.text import search_form
from machi.language.engine.words import Word, words

_BULLET = re.compile(r"^\s*(?:[・*●○◦-]|[0-9]{1,2}[.)]|\([0-9]{1,2}\))\s*")
_MARKS = re.compile(r"^[\s#■□◆◇>*]+")
_LABEL = re.compile(r"^[\[【(]?\s*([^\s:、。\[\]【】()]{1,12})\s*[\]】)]?\s*(?::\s*(\S.*)?)?$")
_LABELLED = re.compile(r"^[\[【(]?\s*([^\s:、。\[\]【】()]{1,12})\s*(?:[\]】)]\s*:?|:)\s*(\S.*)$")
_REQUEST = re.compile(
    r"(?:[てで](?:下さい|ください|ほしい|欲しい|くれ|頂きたい|いただきたい|もらえますか|くれますか|頂けますか|いただけますか)"
    r"|をください|を下さい|(?:お願い|願い)(?:いた|致)?します|せよ|なさい|ましょう|[うくぐすつぬぶむるい]こと)"
    r"[。.!！」』)\s]*$"
)
_CHAIN = re.compile(r"(?:[^\s、。をにはがでとへも]+?の){4,}")
"""Four の on end join nothing: 資料の住民の箇条書きの200字の."""
_ANY_NOUN = r"[」』)\]\"]*[一-龥々ァ-ヶーa-z0-9]{0,8}[」』)\]\"]*"
_AFTER: Mapping[str, str] = {
    "purpose": r"(?:を|の(?:案|文|作成|下書き|原稿|草案)|に(?:まと|し|要約|書)|として|し[てなま]|せよ|すること)",
    "source": r"(?:に|を|だけ|のみ|から|の|は|で|より|以外|と同じ)",
    "audience": r"(?:向け|むけ|に|へ|の|が|を対象|を想定|でも|にも|は|です|とし|さん|たち|みんな)",
    "format": r"(?:で|の|に|形式|として|を使|を用|をつけ|を付け|を入れ|を立て|にし|です|とし|は)",
    "length": r"(?:で|の|に|以内|以下|程度|まで|ほど|くらい|ぐらい|を超え|を上限|です|とし|は)",
    "says": r"(?:[をにでがはのとへもだ]|から|まで|より|向け|して|する|し[てなま]|です|す|ください)",
}
"""What may follow a word that is said in a sentence, by its part in the instruction."""
_ALONE: Mapping[str, str] = {
    "source": r"(?:だけ|のみ|に基づ|にもとづ|を(?:もと|元|基)|を(?:使|用|参照|根拠)|から|以外)",
    "audience": r"(?:向け|むけ|対象|でも(?:分|わ)か|に(?:分|わ)か|を(?:対象|想定)|さん|たち)",
    "format": r"(?:$|で|に|形式|を(?:使|用|つけ|付け))",
    "length": r"(?:$|以内|以下|程度|まで|ほど|くらい|ぐらい|前後|で)",
    "says": r"",
}
"""What makes a condition of a list understandable alone."""
_LABELS: Mapping[str, str] = {
    "purpose": r"目的|依頼|指示|作業|タスク|お願い|やること|作るもの|用途",
    "source": r"出典|資料|参考|根拠|使う文|情報源|入力",
    "audience": r"対象|読み手|読む人|読者|相手|宛|だれ|誰|ターゲット",
    "format": r"形式|書式|体裁|出力|書き方|構成|フォーマット|スタイル",
    "length": r"長さ|字数|文字数|分量|ボリューム",
    "unknown": r"注意|禁止|不明",
    "says": r"内容|項目|含める",
}
_CONDITIONS = re.compile(r"条件|制約|ルール|決まり|要件|注意|約束|守る")
_TASKS = re.compile(_LABELS["purpose"])
_ANY_LABEL = re.compile("|".join((*_LABELS.values(), _CONDITIONS.pattern)))
_LONGEST_ITEM, _MOST_BLANKS = 40, 2
_UNKNOWN = re.compile(
    r"(?:書かれて|書いて|載って|載せて|記載|含まれて|示されて|言って|に)(?:が|は|の|さ?れて)?い?(?:ない|ありません|いません)"
    r"|記載の?(?:ない|無い)|書いてない|不明な|分から(?:ない|なければ)|わから(?:ない|なければ)|判断でき(?:ない|なければ)|以外(?:の|は|を)"
)
_INVENT = re.compile(r"推測|推量|想像|創作|補わ|付け加え|付け足|足さ|勝手|でっち上げ|作り話")
_NOT = re.compile(r"ない|ません|せず|ずに|禁止|厳禁|避け|やめ|控え|不可")
_FORBIDS = re.compile(r"(?:ない|ません|禁止|厳禁|不可)[。.!」』)\s]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an instruction in its search form; ``label``: before it, or the heading it stands under."""

    text: str
    label: str
    own_label: bool
    """``label: text``: what stands there is a note, no sentence."""
    item: bool
    """One of a list, or a condition."""
    said: bool
    """It has a predicate and a particle."""
    request: bool
    """It asks for something to be done."""


def read(text: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    heading, start = "", 0
    for end in sentence_ends(text):
        sentence = search_form(text[start:end]).strip()
        start = end
        item = _BULLET.match(sentence) is not None
        sentence = _MARKS.sub("", _BULLET.sub("", sentence))
        if not sentence:
            continue
        alone = _LABEL.match(sentence)
        if alone and not alone[2] and _ANY_LABEL.search(alone[1]) and len(alone[1]) <= 8:
            heading = alone[1]
            continue
        labelled = _LABELLED.match(sentence)
        if labelled and not sentence.startswith("http"):
            lines.append(_line(labelled[2], labelled[1], own_label=True, item=item))
        else:
            lines.append(_line(sentence, heading, own_label=False, item=item))
    return tuple(lines)


def asks(lines: Sequence[Line]) -> bool:
    """Whether there is any instruction at all."""
    return any(line.request for line in lines)


def says(lines: Sequence[Line], part: str, anything: Sequence[str]) -> str:
    """Which of ``anything`` is said as ``part`` (of ``_AFTER``); empty: none."""
    for word in anything:
        wanted = re.escape(search_form(word))
        after = re.compile(wanted + _ANY_NOUN + _AFTER[part])
        alone = re.compile(wanted + _ANY_NOUN + _ALONE[part]) if part in _ALONE else None
        for line in lines:
            if part == "purpose" and not line.request:
                continue
            if line.said and not line.own_label and after.search(line.text):
                return word
            if _labelled(line, part) and any(re.search(wanted, one) for one in _items(line)):
                return word
            if alone and line.item and any(alone.search(one) for one in _items(line)):
                return word
    return ""


def length(lines: Sequence[Line], units: Sequence[str]) -> int | None:
    """The largest number of one of ``units`` that is said; None: none is."""
    names = "|".join(re.escape(search_form(unit)) for unit in sorted(units, key=len, reverse=True))
    number = rf"(\d[\d,]{{0,6}})\s*(?:{names})"
    in_sentence = re.compile(rf"{number}[一-龥]{{0,2}}(?:{_AFTER['length']})")
    in_item = re.compile(rf"{number}(?:{_ALONE['length']})")
    found: list[str] = []
    for line in lines:
        if line.said and not line.own_label:
            found += in_sentence.findall(line.text)
        if line.item or _labelled(line, "length") or _labelled(line, "format"):
            found += [one for item in _items(line) for one in in_item.findall(item)]
    return max((int(one.replace(",", "")) for one in found), default=None)


def minds_unknown(lines: Sequence[Line]) -> bool:
    """Whether it is said what to do with what the source does not say, or that nothing may be invented."""
    return any(
        (line.request or _labelled(line, "unknown") or (line.said and _FORBIDS.search(line.text)))
        and (_UNKNOWN.search(line.text) or (_INVENT.search(line.text) and _NOT.search(line.text)))
        for line in lines
    )


def _items(line: Line) -> Iterator[str]:
    """The notes of a line, parted by commas. A long one is a sentence, one of many words beside each other a heap."""
    for one in re.split(r"[、,]", line.text):
        note = one.strip().rstrip("。.!")
        if len(note) <= _LONGEST_ITEM and note.count(" ") <= _MOST_BLANKS:
            yield note


def _labelled(line: Line, part: str) -> bool:
    return bool(line.label) and re.search(_LABELS[part], line.label) is not None


def _line(text: str, label: str, *, own_label: bool, item: bool) -> Line:
    tokens = [word for word in words(text, "C") if word.pos[0] not in ("補助記号", "空白")]
    particles = any(word.pos[0] == "助詞" for word in tokens) and not _CHAIN.search(text)
    predicate = any(word.pos[0] in ("動詞", "形容詞", "助動詞") for word in tokens)
    request = particles and (_REQUEST.search(text) is not None or _ends_in_request(tokens))
    if label and _TASKS.search(label) and particles:
        request = True
    return Line(
        text, label, own_label, item or bool(_CONDITIONS.search(label)), particles and predicate, request
    )


def _ends_in_request(tokens: Sequence[Word]) -> bool:
    """書け, 書いて, 「案内文を作成する」, 「案内文を作成」."""
    if not tokens:
        return False
    last = tokens[-1]
    has_object = any(word.surface == "を" and word.pos[0] == "助詞" for word in tokens)
    if last.pos[0] in ("動詞", "助動詞") and last.pos[5].startswith("命令形"):
        return True  # not always seen: 書け is read as a form of 書ける
    if last.surface in ("て", "で") and last.pos[1] == "接続助詞":
        return True
    if last.pos[0] == "動詞":
        return has_object
    return has_object and last.pos[0] == "名詞" and last.pos[2] == "サ変可能"
