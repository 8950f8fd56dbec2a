"""Reading an instruction: is anything asked for, and are the words of a criterion said or only dropped.

A word is *said* where it stands in a sentence with a predicate, joined to it by a particle that fits its part (箇条書き
で, 住民向けに, 200字以内の), or in a line with a fitting label (``形式：箇条書き``). Keywords in a heap have neither.
Rules over the search form and SudachiPy's parts of speech; no model judges, so the same text is judged the same always.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from machi.language.engine.sentences import sentence_ends
from machi.language.engine.text import search_form
from machi.language.engine.words import Word, words

_BULLET = re.compile(r"^[\s・*●○■□#>-]*(?:[0-9]{1,2}[.)]\s*)?")
_LABEL = re.compile(r"^[\[【(]?\s*([^\s:、。]{1,10})\s*[\]】)]?\s*:\s*(\S.*)$")
_REQUEST = re.compile(
    r"(?:[てで](?:下さい|ください|ほしい|欲しい|くれ|頂きたい|いただきたい|もらえますか|くれますか|頂けますか|いただけますか)"
    r"|をください|を下さい|ないで(?:下さい|ください)|(?:お願い|願い)(?:いた|致)?します|せよ|しなさい|なさい|すること|ないこと|ること|ましょう)"
    r"[。.!！」』)\s]*$"
)
_ANY_NOUN = r"[」』)\]\"]*[一-龥々ァ-ヶーa-z0-9]{0,8}[」』)\]\"]*"
_AFTER: Mapping[str, str] = {
    "purpose": r"(?:を|の(?:案|文|作成|下書き|原稿|草案)|に(?:まと|し|要約|書)|として|し[てなま]|せよ|すること)",
    "source": r"(?:に|を|だけ|のみ|から|の|は|で|より|以外|と同じ)",
    "audience": r"(?:向け|むけ|に|へ|の|が|を対象|を想定|でも|にも|は|です|とし|さん|たち|みんな)",
    "format": r"(?:で|の|に|形式|として|を使|を用|をつけ|を付け|を入れ|を立て|にし|です|とし|は)",
    "length": r"(?:で|の|に|以内|以下|程度|まで|ほど|くらい|ぐらい|を超え|を上限|です|とし|は)",
    "says": r"(?:[をにでがはのとへもだ]|から|まで|より|向け|して|する|し[てなま]|です|す|ください)",
}
"""What may follow a word that is said, by its part in the instruction."""
_LABELS: Mapping[str, str] = {
    "purpose": r"目的|依頼|指示|作業|タスク|お願い|やること|すること|作るもの|用途",
    "source": r"出典|資料|元|参考|根拠|使う文|情報",
    "audience": r"対象|読み手|読む人|読者|相手|宛|だれ|誰",
    "format": r"形式|書式|体裁|出力|形|書き方|構成",
    "length": r"長さ|字数|文字数|分量|量|長",
    "unknown": r"注意|条件|制約|ルール|決まり|禁止",
    "says": r"",
}
_TASK_LABEL = re.compile(r"依頼|指示|作業|タスク|お願い|やること|目的|作るもの")
_UNKNOWN = re.compile(
    r"(?:書かれて|書いて|載って|記載|含まれて|示されて|言って|に)(?:が|は|の|さ?れて)?い?(?:ない|ありません|いません)"
    r"|記載の?(?:ない|無い)|書いてない|不明な|分から(?:ない|なければ)|わから(?:ない|なければ)|判断でき(?:ない|なければ)|以外(?:の|は|を)"
)
_INVENT = re.compile(r"推測|推量|想像|創作|補わ|付け加え|付け足|足さ|勝手|でっち上げ|作り話")
_NOT = re.compile(r"ない|ません|せず|ずに|禁止|厳禁|避け|やめ|控え|不可")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an instruction in its search form; ``label`` of ``label: text``, else empty."""

    text: str
    label: str
    said: bool
    """It has a predicate and a particle, or a label."""
    request: bool
    """It asks for something to be done."""


def read(text: str) -> tuple[Line, ...]:
    lines = []
    start = 0
    for end in sentence_ends(text):
        sentence = _BULLET.sub("", search_form(text[start:end]).strip())
        start = end
        if sentence:
            lines.append(_line(sentence))
    return tuple(lines)


def asks(lines: Sequence[Line]) -> bool:
    """Whether there is any instruction at all."""
    return any(line.request for line in lines)


def says(lines: Sequence[Line], part: str, anything: Sequence[str]) -> str:
    """Which of ``anything`` is said as ``part`` (of ``_AFTER``); empty: none."""
    for word in anything:
        wanted = re.escape(search_form(word))
        after = re.compile(wanted + _ANY_NOUN + _AFTER[part])
        for line in lines:
            if part == "purpose" and not line.request:
                continue
            if _labelled(line, part) and re.search(wanted, line.text):
                return word
            if line.said and not line.label and after.search(line.text):
                return word
    return ""


def length(lines: Sequence[Line], units: Sequence[str]) -> int | None:
    """The largest number of one of ``units`` that is said; None: none is."""
    names = "|".join(re.escape(search_form(unit)) for unit in sorted(units, key=len, reverse=True))
    pattern = re.compile(rf"(\d[\d,]{{0,6}})\s*(?:{names})(?P<after>[一-龥]{{0,2}}(?:{_AFTER['length']}))?")
    found = (
        int(one[1].replace(",", ""))
        for line in lines
        for one in pattern.finditer(line.text)
        if _labelled(line, "length") or (line.said and not line.label and one["after"])
    )
    return max(found, default=None)


def minds_unknown(lines: Sequence[Line]) -> bool:
    """Whether it is said what to do with what the source does not say, or that nothing may be invented."""
    return any(
        (line.request or _labelled(line, "unknown"))
        and (_UNKNOWN.search(line.text) or (_INVENT.search(line.text) and _NOT.search(line.text)))
        for line in lines
    )


def _labelled(line: Line, part: str) -> bool:
    return bool(line.label) and re.search(_LABELS[part], line.label) is not None


def _line(sentence: str) -> Line:
    label, rest = "", sentence
    if (found := _LABEL.match(sentence)) and not sentence.startswith("http"):
        label, rest = found[1], found[2]
    tokens = [word for word in words(rest, "C") if word.pos[0] not in ("補助記号", "空白")]
    particles = any(word.pos[0] == "助詞" for word in tokens)
    predicate = any(word.pos[0] in ("動詞", "形容詞", "助動詞") for word in tokens)
    request = particles and (_REQUEST.search(rest) is not None or _ends_in_request(tokens))
    if label and _TASK_LABEL.search(label) and particles:
        request = True
    return Line(rest, label, bool(label) or (particles and predicate), request)


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
