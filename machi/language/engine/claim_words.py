"""The content words of a sentence, each with how it stands there: denied, left out, alone of its kind, by which
particle, in which clause. No parser is run: particles and the order of tokens decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from machi.language.engine.claim_tokens import Token, listed, stem, stems_of

_NEGATIVES = frozenset({"ない", "ず", "無い", "ぬ", "まい"})
_NEGATIVE_SUFFIX = frozenset({"外", "不可", "不能", "禁止", "厳禁"})
_NEED = frozenset({"必要", "要る", "要", "要する"})
_TIMES = frozenset({"年度", "年", "月", "週", "今回", "次回"})
_HARD = frozenset({"難しい", "困難", "無理"})
"""書くことが難しい: as good as a denial."""
_NO_NEED = _HARD | frozenset({"不要", "無し", "なし", "無用"})
_UN = frozenset({"不", "無", "未", "非"})
_VERB_ENDINGS = "うくぐすつぬぶむる"
_NEVER_FORGET = frozenset({"忘れる", "欠かす", "漏れる"})
_ONLY = frozenset({"だけ", "のみ", "しか", "専用", "限る", "限定"})
_WEIGHTS = {"名詞": 1.0, "動詞": 0.6, "形容詞": 0.6, "形状詞": 0.6, "副詞": 0.3, "接尾辞": 0.3, "接頭辞": 0.2}
_CLAUSE_MARKS = frozenset({"、", "。", ",", "…", ":", "\n", "(", ")", "「", "」", ";"})
_CLAUSE_PARTICLES = frozenset({"が", "ば", "と", "ので", "のに", "けれど", "けれども", "し"})
_WEEKDAYS = frozenset(f"{day}曜" for day in "月火水木金土日")
_HALVES = ("午前", "午後", "夜", "朝", "昼", "夕方", "深夜", "早朝")
_CASES = frozenset({"が", "は", "も", "に", "へ", "を", "から", "より", "で", "でも", "と", "の"})

_COMPOUND = frozenset(
    {
        "因る",
        "よる",
        "付く",
        "つく",
        "就く",
        "対する",
        "関する",
        "於く",
        "おく",
        "取る",
        "とる",
        "伴う",
        "向ける",
        "応ずる",
    }
)
"""Verbs that make one particle with に or を before them: 医師による is no に."""


@dataclass(frozen=True, slots=True)
class Word:
    form: str
    """The normalised form."""
    stem: str
    """That form without its kana ending: 申し込む and 申し込み are one."""
    weight: float
    """How much it says, 0-1: 0 for what the layout of a notice says without it."""
    at: int
    """Place among the tokens of its sentence."""
    clause: int
    """Counted from 0: what stands between commas, brackets and joining particles."""
    denied: bool = False
    lacks: bool = False
    """Denied as a thing that there is not (証がない, 証なしで), not as an act."""
    excluded: bool = False
    """Stands in a list that ends in を除く, or before 以外: what is said there does not hold of it."""
    only: bool = False
    """だけ, のみ, に限り, しか stands behind it."""
    particle: str = ""
    """The case particle behind it."""
    passive: bool = False
    groups: tuple[int, ...] = ()
    acts: bool = False
    """する, できる, される stands behind it, or it is a verb: 投票できる and not 投票日."""
    name: str = ""
    """The run of nouns that it ends: 医師会 for 会."""
    order: str = ""
    """``after`` or ``before`` where the sentence says that something comes after or before it."""
    is_verb: bool = False
    """A verb, or a noun that する makes one."""


def words_of(tokens: Sequence[Token]) -> tuple[Word, ...]:
    """The content words in order."""
    content = [index for index, token in enumerate(tokens) if _is_content(tokens, index)]
    left_out = _left_out(tokens)
    clauses = _clauses(tokens)
    found: list[Word] = []
    names = _names(tokens)
    for place, index in enumerate(content):
        token = tokens[index]
        following = content[place + 1] if place + 1 < len(content) else len(tokens)
        denied, only = _denied(tokens, index, following)
        normal = token.normal
        if len(normal) > 2 and normal[0] in _UN and token.part in ("名詞", "形状詞"):  # 無制限
            normal, denied = normal[1:], not denied
        elif index and tokens[index - 1].part == "接頭辞" and tokens[index - 1].normal in _UN:
            denied = not denied
        if (
            token.part == "副詞"
            and denied
            and found
            and tokens[found[-1].at + 1].surface in ("が", "は", "も")
        ):
            found[-1] = replace(found[-1], denied=True, lacks=True)  # 器がまだない
            denied = False
        needed = token.normal in _HARD or (token.normal in _NEED | _NO_NEED and _stands_alone(tokens, index))
        if needed and found and _reaches(tokens, found[-1].at, index):
            # 申し込みは不要: the application is denied, not the need.
            none = token.normal in _NO_NEED
            place = _meant(tokens, found) if token.normal in _HARD else len(found) - 1
            found[place] = replace(found[place], denied=found[place].denied != (denied != none), lacks=none)
            continue
        if token.normal in _NEVER_FORGET and denied:
            continue
        if denied and found and _but_for(tokens, found[-1].at, index):
            denied = False
        particle = _particle(tokens, index)
        found.append(
            Word(
                normal,
                stem(normal),
                0.0 if stem(token.normal) in stems_of("frame") else _WEIGHTS[token.part],
                index,
                clauses[index],
                denied,
                denied and token.part != "動詞" and _lacks(tokens, index, following),
                index in left_out or (index + 1 < len(tokens) and tokens[index + 1].normal == "以外"),
                only,
                particle,
                any(t.normal in ("れる", "られる") for t in tokens[index + 1 : min(following, index + 4)]),
                token.groups,
                token.part == "動詞" or _acts(tokens, index),
                names.get(index, ""),
                _order(tokens, index),
                token.part == "動詞" or token.kind == "サ変可能",
            )
        )
    return tuple(_spread(tokens, found))


def _meant(tokens: Sequence[Token], words: Sequence[Word]) -> int:
    """Which of ``words`` is hard: not the time (延長は、来年度は難しい), but what is spoken of."""
    last = len(words) - 1
    if not _is_time(tokens[words[last].at]):
        return last
    return next(
        (
            at
            for at in range(last - 1, -1, -1)
            if words[at].particle == "は" and not _is_time(tokens[words[at].at])
        ),
        last,
    )


def _is_time(token: Token) -> bool:
    return token.kind == "副詞可能" or token.normal in _TIMES


def _spread(tokens: Sequence[Token], words: Sequence[Word]) -> Iterator[Word]:
    """A denial holds of the whole of a series (聞いたり頼んだりしない), and of what an empty verb says is done
    (補償を受けられない)."""
    following: Word | None = None
    series: bool | None = None
    spread: list[Word] = []
    for word in reversed(words):
        behind = tokens[word.at + 1 : following.at if following else len(tokens)]
        if any(token.kind == "句点" for token in behind):
            series = None
        if any(token.surface in ("たり", "だり") for token in behind[:2]):
            series = word.denied if series is None else series
            word = replace(word, denied=series)
        elif following is not None and following.denied and not following.weight and len(behind) == 1:
            joins = ("を", "が", "は", "も", *(("の",) if following.form in listed("carrier") else ()))
            if word.is_verb and behind[0].surface in joins:
                word = replace(word, denied=True)
                if following.form[-1] in _VERB_ENDINGS:  # 補償を受けられない: not the receiving
                    spread[-1] = replace(following, denied=False)
        spread.append(word)
        following = word
    return reversed(spread)


def _is_content(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if (
        token.part not in _WEIGHTS
        or token.kind == "数詞"
        or token.surface[0].isdigit()
        or token.normal in listed("empty") | _NEGATIVES
    ):
        return False
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if token.surface in _HALVES and following is not None and following.kind == "数詞":
        return False  # belongs to the time, which is a fact
    if token.part == "接頭辞" and token.normal in _NEED | _UN:
        return False
    if token.surface == "日" and index and tokens[index - 1].surface in _WEEKDAYS:
        return False
    return token.surface not in _WEEKDAYS and not (
        token.kind.startswith("助数詞") and index and tokens[index - 1].kind == "数詞"
    )


def _stands_alone(tokens: Sequence[Token], index: int) -> bool:
    """必要 in 申請は必要 and not in 必要書類 or 必要な書類."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is None or not (following.part in ("名詞", "接尾辞") or following.surface == "な")


def _lacks(tokens: Sequence[Token], index: int, following: int) -> bool:
    behind = tokens[index + 1 : following]
    return any(token.normal in ("無い", "ない") for token in behind) and not _acts(tokens, index)


def _but_for(tokens: Sequence[Token], start: int, index: int) -> bool:
    """職員しか応募できない: the staff can."""
    return any(token.surface == "しか" for token in tokens[start + 1 : index])


def _reaches(tokens: Sequence[Token], start: int, end: int) -> bool:
    return end - start <= 4 and all(
        token.part in ("助詞", "空白") or token.surface in (":", "・") or token.normal in listed("empty")
        for token in tokens[start + 1 : end]
    )


def _clauses(tokens: Sequence[Token]) -> list[int]:
    found, clause = [], 0
    for token in tokens:
        found.append(clause)
        joins = token.kind == "接続助詞" and token.surface in _CLAUSE_PARTICLES
        if token.surface in _CLAUSE_MARKS or joins:
            clause += 1
    return found


def _names(tokens: Sequence[Token]) -> dict[int, str]:
    """For the last noun of each run of nouns: the whole run. Of 金盛さん, the name."""
    found: dict[int, str] = {}
    run: list[int] = []
    for index, token in enumerate([*tokens, Token("\n", "\n", "空白", "*")]):
        if token.part in ("名詞", "接尾辞", "接頭辞"):
            run.append(index)
            continue
        while run and tokens[run[-1]].part == "接尾辞" and tokens[run[-1]].normal in listed("empty"):
            run.pop()
        if run:
            found[run[-1]] = "".join(tokens[at].normal for at in run)
        run = []
    return found


def _acts(tokens: Sequence[Token], index: int) -> bool:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is not None and following.normal in ("為る", "出来る", "致す", "なさる", "下さる")


def _particle(tokens: Sequence[Token], index: int) -> str:
    at = index + 1
    while at < len(tokens) and tokens[at].part == "接尾辞" and tokens[at].normal in listed("empty"):
        at += 1  # 金盛さんに
    following = tokens[at] if at < len(tokens) else None
    if following is None or following.part not in ("助詞", "助動詞") or following.surface not in _CASES:
        return ""
    if following.surface == "で" and at + 1 < len(tokens) and tokens[at + 1].surface == "も":
        return "でも"
    if following.part == "助動詞" or (at + 1 < len(tokens) and tokens[at + 1].normal in _COMPOUND):
        return ""
    return following.surface


def _order(tokens: Sequence[Token], index: int) -> str:
    """受講後, 受けた後, 受けてから: after; 受講前, 受ける前, 受講の前: before. 3日前 is a figure."""
    at = index + 1
    while (
        at < len(tokens)
        and at <= index + 4
        and tokens[at].surface in ("の", "た", "する", "し", "だ", "終了", "れ", "なっ", "なる")
    ):
        at += 1
    if at >= len(tokens):
        return ""
    if tokens[at].surface in ("後", "あと", "のち"):
        return "after"
    if tokens[at].surface == "前" and not (at + 1 < len(tokens) and tokens[at + 1].part == "名詞"):
        return "before"
    if tokens[at].surface in ("て", "で") and at + 1 < len(tokens) and tokens[at + 1].surface == "から":
        return "after"
    return ""


def _left_out(tokens: Sequence[Token]) -> frozenset[int]:
    """Places of the words before 除く in its clause: 入院中の人、未納世帯を除く. What は names before them is not left
    out."""
    found: set[int] = set()
    for index, token in enumerate(tokens):
        if token.normal != "除く":
            continue
        for before in range(index - 1, -1, -1):
            topic = tokens[before].surface == "は" and before < index - 1
            if topic or tokens[before].kind == "句点" or tokens[before].surface in "\n:(":
                break
            found.add(before)
    return frozenset(found)


def _denied(tokens: Sequence[Token], index: int, following: int) -> tuple[bool, bool]:
    """Whether an odd number of denials follows before the next content word or clause (〜なければならない demands,
    〜ませんか invites); and whether it stands there alone (だけ; not だけでなく)."""
    count = 0
    only = index + 1 < len(tokens) and tokens[index + 1].normal in _ONLY
    for place, token in enumerate(tokens[index + 1 : following], index + 1):
        if token.kind in ("読点", "句点") or token.part == "空白":
            break
        only = only or token.normal in ("だけ", "のみ", "しか")
        if token.normal in _NEGATIVES and not (place + 1 < len(tokens) and tokens[place + 1].surface == "か"):
            if only and any(one.surface in ("で", "では", "じゃ") for one in tokens[index + 1 : place]):
                only = False  # だけでなく, だけではありません
            elif not (tokens[place - 1].normal == "知れる" or tokens[place - 1].surface == "知れ"):
                count += 1
    if following < len(tokens) and tokens[following].normal == "限る":
        only = True
    nearby = tokens[index + 1] if index + 1 < len(tokens) else None
    if nearby is not None and nearby.normal in _NEGATIVE_SUFFIX:
        count += 1
    elif following < len(tokens) and tokens[following].normal in _NEGATIVE_SUFFIX:
        between = tokens[index + 1 : following]
        count += bool(between) and all(token.part == "助詞" for token in between)  # 申請は不可
    return count % 2 == 1, only
