"""Names of persons: from the dictionary's surnames and given names, the language model, titles and labels.

The dictionary (Sudachi's) knows that 山田 can be a surname; what stands around it tells whether it is one here.
山田町, 山田公園 and 山田建設 are none; 山田さん, 山田太郎, 担当：山田 are.
"""

import re
from collections.abc import Iterator, Sequence

from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.lexicon import (
    is_common,
    is_given,
    is_known,
    is_person,
    is_place,
    is_renowned,
    is_surname,
)
from machi.language.engine.personal.name_contexts import BEHIND_KINSHIP, in_context
from machi.language.engine.personal.name_edges import tidied
from machi.language.engine.personal.name_free import standing_free
from machi.language.engine.personal.name_lists import again, columns, companions, elsewhere
from machi.language.engine.personal.name_tokens import Labelled, Named, Token
from machi.language.engine.personal.name_trained import Trained
from machi.language.engine.personal.name_words import (
    AGENT,
    COMPANY_BEFORE,
    LABEL,
    NO_NAME,
    OFFICE,
    ORGANISATION,
    PLACE,
    ROLE,
    SURE_LABEL,
    TITLE,
)
from machi.language.engine.personal.places import municipalities

_KANJI, _KATAKANA = "一-鿿々〆ヶヵ𠀀-𯿿", "ァ-ヺー"
_LATIN = r"[A-Za-zÀ-ɏḀ-ỿ'.-]"
_NAME = (
    rf"(?:[{_KATAKANA}]{{1,12}}(?:[・=][{_KATAKANA}]{{1,12}}){{1,5}}"
    rf"|[{_KANJI}]{{1,5}}(?: ?(?!{LABEL}|{NO_NAME})[{_KANJI}ぁ-ん{_KATAKANA}]{{1,6}}(?! ?:))?"
    rf"|[{_KATAKANA}]{{2,12}}(?: (?!{LABEL})[{_KATAKANA}]{{1,12}}){{0,4}}|[ぁ-ん]{{2,7}}(?: [ぁ-ん]{{2,7}})?"
    rf"|[A-Z]{_LATIN}+(?:[ ,]{{1,2}}[A-Z]{_LATIN}*){{1,4}})"
)
_END = rf"(?=$|[ \n、。,.()/|「」『』・;<>\[\]【】\"]|{TITLE}|です|と申|[はがのにとも]|への|から)"
_LABELLED = re.compile(
    rf"(?:(?P<sure>{SURE_LABEL})|{LABEL}|[{_KANJI}]{{1,5}}[者人])(?:\([^)\n]{{1,12}}\))?"
    rf"(?(sure)(?:[ \"]?[:=】>\])][ \"]?|[ \n|]{{1,3}}|(?P<weak>[はが] ?)[\"「『]?)|(?: ?[:=】] ?| \| "
    rf"| ))(?P<value>{_NAME}){_END}"
)
_ROLED = re.compile(rf"(?:{ROLE}|{OFFICE}) ?(?:の ?)?(?=[{_KANJI}{_KATAKANA}])")
_TITLE = re.compile(TITLE)
_ROLE = re.compile(ROLE)
_ORGANISATION = re.compile(ORGANISATION)
_NOT_A_PERSON = re.compile(rf"{ORGANISATION}|{PLACE}|[0-9]{{1,2}}(?:階|号館|号室)")
_COMPANY_BEFORE = re.compile(rf"(?:{COMPANY_BEFORE}) ?$")
_COMPANY = re.compile(COMPANY_BEFORE)
_NO_NAME = re.compile(rf"^(?:{NO_NAME}|{LABEL})|(?:{AGENT})$|.{ORGANISATION}$|.[駅県郡]$")
_FOREIGN = re.compile(
    rf"[{_KATAKANA}]+(?:[・ =][{_KATAKANA}]+)+|[A-ZÀ-Þ][a-zß-ɏḀ-ỿ]+"
    rf"(?: [A-ZÀ-ÞĐ][a-zß-ɏḀ-ỿ.]*)+|[A-Z]{{2,}}(?: [A-Z]{{2,}})+"
)
_FOREIGN_BEFORE = re.compile(rf"(?:{_FOREIGN.pattern})$")
_KANA_BEFORE = re.compile(
    r"(?:^|(?<=[^ぁ-んァ-ヺー]))(?:[ぁ-ん]{2,6} [ぁ-ん]{2,6}|[ァ-ヺー]{2,8} [ァ-ヺー]{2,8})$"
)
_CALLED = re.compile(rf" ?(?:{TITLE}|と申|<|\(|と名乗)")
_FOREIGN_NAMED = re.compile(
    rf"(?<![{_KATAKANA}・A-Za-z])(?P<value>{_FOREIGN.pattern})(?={TITLE}|です"
    rf"|と申|と名乗|[ 、]*(?:[{_KANJI}{_KATAKANA}]{{2,8}}国籍|在留カード|旅券|パスポート)|\([^)\n]{{0,8}}国籍)"
    rf"|(?:国籍[一-鿿]{{0,4}}|外国人[一-鿿]{{0,4}}|在留者)[ :はの]{{0,2}}"
    rf"(?P<resident>{_FOREIGN.pattern})(?![{_KATAKANA}A-Za-z])"
)
_KANA_PAIR = re.compile(
    rf"(?<![{_KATAKANA}・])(?P<surname>[{_KATAKANA}]{{2,8}}) (?P<given>[{_KATAKANA}]{{2,8}})(?![{_KATAKANA}・])"
)
_BEHIND_ACCOUNT = re.compile(r"[0-9]{6,8} ?$|名義[ :は]{0,3}$")
_ERA = re.compile(r"(?:明治|大正|昭和|平成|令和)(?:[0-9元])")
_STRANGE = re.compile(rf"[{_KATAKANA}]+")
_DIRECTIONS = frozenset("東西南北中")
_HEAD_OF_A_TOWN = re.compile(r"([市町村区])長")
_OTHER_FIELD = re.compile(r"生年月日|住所|電話|性別|年齢|職業|連絡先|メール")
_AGE = re.compile(r"[、 ]?\(?[0-9]{1,3}[歳才]")
_LIST = re.compile(r"[、,・] ?")
_LIST_GOES_ON = re.compile(r"[、,。]|の[0-9一二三四五六七八九十]{1,2}[名人]|$|ら[0-9]")
_ONE_NAME = re.compile(rf"[{_KANJI}ぁ-ん{_KATAKANA} ・]+")
_LETTERS = re.compile(rf"[{_KANJI}ぁ-ん{_KATAKANA}]+")
_IS_KANJI = re.compile(rf"[{_KANJI}]")
_KANA_GIVEN = re.compile(r" [ぁ-ん]{2,4}$")
_LONG = re.compile(rf"(?:(?<![{_KANJI}])|(?<=:))[{_KANJI}]{{3,5}}(?![{_KANJI}])")
_PLACES_COUNTED = re.compile(
    r"(?:[、,・][一-鿿ァ-ヶ]{1,5}){0,5}(?:など)?の?[0-9一二三四五六七八九十両各]{1,2}(?:[市町村区県国]|地区|都市|か国|駅)"
)
"""福岡、長崎、熊本の三県"""
_CODE = re.compile(r"[A-Z0-9-]{1,3}")
_BETWEEN_CELLS = frozenset("|,;:/")
_LONGEST_GIVEN = 5
_SURE = 0.8
_BELIEVED, _LEAST = 1.0, 0.05


def names(text: str, words: Sequence[Token], labelled: Sequence[Labelled]) -> Iterator[Found]:
    """Every name in the view ``text``, possibly overlapping. ``words`` cover it but for blanks."""
    entities = [Named(start, end) for start, end, label in labelled if label == "Person"]
    trained = Trained(text, words, labelled)
    others = [*elsewhere(text), *_renowned(text)]
    kept = [one for one in by_rule(text, words, entities) if _stands(one, trained)]
    kept += (
        one
        for each in trained.names()
        if (one := tidied(text, each)) and _may_be(text, one) and not _is_ordinary(text, one)
    )
    kept = [one for one in kept if not _lies_in(others, one)]
    yield from kept
    persons = {(one.start, one.end) for one in kept}
    yield from companions(text, persons)
    yield from again(
        text, persons, {(one.start, one.end) for one in kept if one.score >= _SURE}, trained.most
    )


def by_rule(text: str, words: Sequence[Token], entities: Sequence[Named]) -> list[Found]:
    """What the rules take for names, whatever the trained recogniser thinks."""
    sure = [
        *_full(text, words, entities),
        *_titled(text, words, entities),
        *_labelled(text, words, entities),
        *_behind_role(text, words, entities),
        *_foreign(text),
        *_kana(text),
        *in_context(text),
        *columns(text),
    ]
    found = (
        *sure,
        *_in_brackets(text, words),
        *_listed(text, words, {one.end for one in sure}),
        *_recognised(text, words, entities),
        *standing_free(text),
    )
    return [one for each in found if (one := tidied(text, each)) and _may_be(text, one)]


def _stands(one: Found, trained: Trained) -> bool:
    """Whether a rule's finding is believed: sure rules are, others where the trained recogniser sees a little of it."""
    return one.score >= _BELIEVED or trained.most(one.start, one.end) >= _LEAST


def _renowned(text: str) -> Iterator[tuple[int, int]]:
    """Persons of history, where nothing speaks of somebody who bears the same name."""
    for match in _LONG.finditer(text):
        if is_renowned(match[0]) and not _TITLE.match(text, match.end()):
            yield match.span()


def _is_ordinary(text: str, one: Found) -> bool:
    """Whether a place, a firm or a word that is no name was taken for a name by its neighbours."""
    value = text[one.start : one.end]
    if _names_place_or_company(text, one.start, one.end):
        return True
    if _PLACES_COUNTED.match(text, one.end) and is_place(value):
        return True
    return is_known(value) and not is_person(value) and (len(value) > 2 or not is_given(value))


def _lies_in(spans: Sequence[tuple[int, int]], one: Found) -> bool:
    return any(start <= one.start and one.end <= end for start, end in spans)


def _may_be(text: str, one: Found) -> bool:
    """Whether ``one`` is more than a piece of a word (係|長) or of a code (UA-4958)."""
    piece = one.end - one.start == 1 and one.start > 0 and _IS_KANJI.match(text[one.start - 1])
    return (not piece or one.reason == BEHIND_KINSHIP) and not _CODE.fullmatch(text, one.start, one.end)


def _found(start: int, end: int, score: float, reason: str) -> Found:
    return Found(Kind.PERSON, start, end, score, reason)


def _names_place_or_company(text: str, start: int, end: int) -> bool:
    return bool(_NOT_A_PERSON.match(text, end) or _COMPANY_BEFORE.search(text[max(0, start - 10) : start]))


def _joined(text: str, left: Token, right: Token) -> bool:
    return text[left.end : right.start] in ("", " ")


def _overlaps(entities: Sequence[Named], start: int, end: int) -> bool:
    return any(e.start < end and start < e.end for e in entities)


def _given_end(text: str, words: Sequence[Token], index: int, entities: Sequence[Named]) -> int | None:
    """Where the given name behind the surname ``words[index]`` ends, or None where there is none.

    Given names are written in too many ways for any dictionary: what remains of the run of letters, in words
    of one character, counts as one too. A common noun counts only where the text speaks of a person.
    """
    surname = words[index]
    rest: list[Token] = []
    for word in words[index + 1 :]:
        before = rest[-1] if rest else surname
        near = _joined(text, before, word) if not rest else before.end == word.start
        if not near or word.is_grammar or not _LETTERS.fullmatch(word.text) or _is_title(text, word):
            break
        if rest and _ERA.match(text, word.start):
            break
        rest.append(word)
    if not rest:
        return None
    start, end = rest[0].start, rest[-1].end
    value, blank = text[start:end], start > surname.end
    if len(value) > _LONGEST_GIVEN or _NO_NAME.search(value) or _ROLE.fullmatch(value):
        return None
    if _ORGANISATION.search(value, 1) or re.search(r"..[店屋堂館社]$", value):
        return None  # 松本|清張記念館, 西村|眼鏡店
    if blank and len(value) > 3 and all(is_common(word.text) and not word.is_name for word in rest):
        return None  # 桑原 敬老祝金: a speaker and what is spoken of
    called = _is_called(text, surname.start, end, entities)
    if (
        not called
        and not blank
        and (
            value in _DIRECTIONS  # 尼崎|南
            or (_STRANGE.fullmatch(value) and not is_person(value))  # 出屋敷|リベル
            or (len(surname.text) == 1 and not is_given(value))  # 緑|税
        )
    ):
        return None
    if is_given(value) or (len(rest) == 1 and rest[0].is_name):
        return end
    if _NOT_A_PERSON.match(text, start):
        return None
    if re.search(r"[内外中前後側他等各口道線分]$", value) and not called:
        return None
    if len(value) == 1:
        set_off = re.match(r"[、)」]", text[end : end + 1]) and re.search(r"[(「、]$", text[: surname.start])
        return end if (blank and called) or set_off or _CALLED.match(text, end) else None
    if all(word.is_name or len(word.text) == 1 or not is_known(word.text) for word in rest):
        return end
    return end if called else None


def _is_called(text: str, start: int, end: int, entities: Sequence[Named]) -> bool:
    """Whether the text, or the language model, takes what stands there for a person."""
    return bool(_CALLED.match(text, end)) or _overlaps(entities, start, end)


def _is_title(text: str, word: Token) -> bool:
    return bool(_TITLE.match(text, word.start)) and not word.is_name


def _full(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """Surname and given name."""
    for index, word in enumerate(words):
        before = words[index - 1] if index else None
        touched = before is not None and before.end == word.start
        if touched and word.text == "長":
            continue  # 班|長 池谷
        if not word.may_be_surname() or (touched and before is not None and before.is_name):
            continue
        end = _given_end(text, words, index, entities)
        if end is None or _names_place_or_company(text, word.start, end):
            continue
        joined = before is not None and touched and (before.text[-1].isdecimal() or "動詞" in before.tag)
        if joined and len(word.text) == 1 and is_common(word.text):
            continue  # 1200|円|程度, 満たす|方|助成
        set_apart = text[word.end] == " " and (not touched or (before is not None and before.is_grammar))
        if (
            word.tag.endswith("人名-姓")
            or set_apart
            or _is_called(text, word.start, end, entities)
            or is_given(text[word.end : end])
        ):
            yield _found(word.start, end, 0.85, "surname and given name")


def _titled(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """A name before さん, 様, 氏 ..., or before an office: 木戸委員."""
    for index, word in enumerate(words):
        title = _TITLE.match(text, word.start)
        if index == 0 or not (title or _ROLE.match(text, word.start)):
            continue
        last = words[index - 1]
        if not _joined(text, last, word):
            continue
        first = _first_of_name(text, words, index)
        start = words[first].start if first is not None else last.end
        if title and (strange := _strange_before(text, last.end)) is not None and strange < start:
            yield _found(strange, last.end, 0.85, "foreign or kana name before a title")
        elif (
            start < last.end
            and _ONE_NAME.fullmatch(text, start, last.end)
            and not _NO_NAME.search(text[start : last.end])
        ):
            if _COMPANY_BEFORE.search(text[max(0, start - 10) : start]):
                continue
            if not title and _is_head_or_task(text, start, word.start):
                continue
            free = start == 0 or not _IS_KANJI.match(text[start - 1])
            if title or (free and is_surname(text[start : last.end])):
                yield _found(start, last.end, 0.85, "name before a title")


def _is_head_or_task(text: str, start: int, end: int) -> bool:
    """尼崎|市長 is the head of a town of that name, 世紀の|森|担当 those who tend a wood."""
    head = _HEAD_OF_A_TOWN.match(text, end)
    if head:
        return text[start:end] + head[1] in municipalities()
    return end - start == 1 and text.startswith("担当", end)


def _strange_before(text: str, end: int) -> int | None:
    """Where a foreign name, or one in kana with a blank, begins that ends at ``end``."""
    starts = [
        match.start()
        for pattern in (_FOREIGN_BEFORE, _KANA_BEFORE)
        if (match := pattern.search(text, max(0, end - 40), end))
    ]
    return min(starts, default=None)


def _first_of_name(text: str, words: Sequence[Token], index: int) -> int | None:
    """Index of the word that the name before the title ``words[index]`` begins with."""
    given: int | None = None
    at = index - 1
    while at >= 0 and index - at <= 6 and not words[at].is_grammar and _LETTERS.fullmatch(words[at].text):
        size = words[index - 1].end - words[at].end
        if words[at].may_be_surname() and size <= _LONGEST_GIVEN + 1 and (size == 0 or at < index - 1):
            before = words[at - 1] if at else None
            # 川|上|さん: a surname may itself be in pieces of surnames.
            if not (before and before.end == words[at].start and before.may_be_surname()):
                return at
        if given is None and at == index - 1 and (words[at].is_name or is_given(words[at].text)):
            given = at
        if at == 0 or not _joined(text, words[at - 1], words[at]):
            break
        at -= 1
    pieces = next((i for i in range(index - 1, max(-1, index - 6), -1) if words[i].may_be_surname()), None)
    if pieces is not None and all(
        _joined(text, words[i], words[i + 1]) and not words[i + 1].is_grammar
        for i in range(pieces, index - 1)
    ):
        return pieces
    return given


def _labelled(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """What stands behind 氏名：, 担当 and other labels of forms."""
    for match in _LABELLED.finditer(text):
        start, end = match.span("value")
        end = _before_grammar(text, words, start, end)
        value = text[start:end]
        if _NO_NAME.search(value) or _OTHER_FIELD.match(match[0]):
            continue
        if is_common(value) and not is_person(value) and not _AGE.match(text, end):
            continue
        known = (
            (match["sure"] and not match["weak"])
            or text[start - 1] in "「『"
            or any(w.is_name and start <= w.start < end for w in words)
            or is_surname(value)
            or _overlaps(entities, start, end)
            or _FOREIGN.fullmatch(value)
            or (len(value) > 1 and is_given(value))
            or _AGE.match(text, end)
        )
        if known and not _COMPANY.match(value) and not _names_place_or_company(text, start, end):
            yield _found(start, end, 0.9 if match["sure"] else 0.8, "behind a label")


def _before_grammar(text: str, words: Sequence[Token], start: int, end: int) -> int:
    """``end``, or where a particle or verb follows the name without a blank: 山田が承ります."""
    if _KANA_GIVEN.search(text[start:end]):
        return end
    if not _IS_KANJI.match(text, start) or text[end : end + 1] in ("<", '"', "|", "]", "】"):
        return end
    for word in words:
        joined = start < word.start < end and text[word.start - 1] != " "
        if joined and word.tag.startswith(("助詞", "助動詞", "動詞")) and not _IS_KANJI.match(word.text):
            return word.start
    return end


def _behind_role(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """A surname behind 課長, 福祉課 ...; nothing but particles may follow."""
    begins = {word.start: index for index, word in enumerate(words)}
    for match in _ROLED.finditer(text):
        index = begins.get(match.end())
        if index is None or not (
            words[index].is_name or words[index].may_be_surname() or is_given(words[index].text)
        ):
            continue
        word = words[index]
        end = _given_end(text, words, index, entities) or word.end
        follower = next((w for w in words[index + 1 :] if w.start >= end), None)
        stands_free = (
            follower is None
            or follower.start > end
            or not follower.is_noun
            or _TITLE.match(text, follower.start)
        )
        place = not word.is_name and follower is not None and follower.text == "の"
        if stands_free and not place and not _names_place_or_company(text, word.start, end):
            yield _found(word.start, end, 0.8, "name behind an office")


def _in_brackets(text: str, words: Sequence[Token]) -> Iterator[Found]:
    """A surname alone in brackets behind a number: 090-1234-5678（山田）."""
    for left, word, right in zip(words, words[1:], words[2:], strict=False):
        behind_number = left.text == "(" and left.start > 0 and text[left.start - 1].isdecimal()
        if behind_number and right.text == ")" and word.may_be_surname():
            yield _found(word.start, word.end, 0.7, "surname in brackets behind a number")


def _foreign(text: str) -> Iterator[Found]:
    """マリア・サントス or MARIA SANTOS, where the text speaks of a person."""
    for match in _FOREIGN_NAMED.finditer(text):
        start, end = match.span("value" if match["value"] else "resident")
        yield _found(start, end, 0.85, "foreign name")


def _kana(text: str) -> Iterator[Found]:
    """ヤマダ タロウ: two words in katakana, the first a surname's reading or behind an account's number."""
    for match in _KANA_PAIR.finditer(text):
        behind = _BEHIND_ACCOUNT.search(text[max(0, match.start() - 12) : match.start()])
        if (
            behind
            or text.startswith("名義", match.end())
            or is_surname(match["surname"])
            or is_given(match["given"])
        ):
            yield _found(match.start(), match.end(), 0.75, "surname and given name in katakana")


def _listed(text: str, words: Sequence[Token], ends: set[int]) -> Iterator[Found]:
    """A surname in a list of persons: 伊藤太郎、本田の2名."""
    for word in words:
        comma = _LIST.match(text, word.start - 1) if word.start else None
        if comma and word.start - 1 in ends and word.may_be_surname() and _LIST_GOES_ON.match(text, word.end):
            ends.add(word.end)
            yield _found(word.start, word.end, 0.7, "surname in a list of persons")


def _recognised(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """What the language model takes for a person, unless its neighbours say otherwise."""
    for entity in entities:
        inside = [w for w in words if entity.start <= w.start and w.end <= entity.end]
        for position, word in enumerate(inside):
            if position and (
                _is_title(text, word)
                or word.text in _BETWEEN_CELLS
                or (word.start > inside[position - 1].end and _NO_NAME.match(word.text))
            ):
                inside = inside[:position]
                break
        while inside and not inside[-1].is_noun:
            inside.pop()
        while inside and not inside[0].is_noun:
            inside.pop(0)
        if not inside or not any(w.is_name for w in inside):
            continue
        start, end = inside[0].start, inside[-1].end
        follower = next((w for w in words if w.start == end), None)
        joined_noun = follower is not None and follower.is_noun and not _TITLE.match(text, end)
        alone = len(inside) == 1
        place = any(_NOT_A_PERSON.match(w.text) and not w.is_name for w in inside[1:])
        value = text[start:end]
        if "・" in value and _IS_KANJI.match(value):
            continue  # 小田・大庄: a list of quarters
        if place or (alone and joined_noun) or _NO_NAME.search(value):
            continue
        if _ORGANISATION.search(value, 1) or _COMPANY.match(value):
            continue
        if not _names_place_or_company(text, start, end):
            yield _found(start, end, 0.6, "taken for a person by the language model")
