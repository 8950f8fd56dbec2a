"""Names told by what stands around them: at a greeting, below a letter, in a table, in a list of persons.

Patterns over the view and the dictionary, without the language model: what it was not trained on (chats, tables,
scans) is where it fails.
"""

import re
from collections.abc import Iterator

from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.lexicon import (
    is_common,
    is_country,
    is_given,
    is_known,
    is_person,
    is_place,
    is_surname,
)
from machi.language.engine.personal.name_words import (
    AGENT,
    LABEL,
    NO_NAME,
    ORGANISATION,
    PLACE,
    RELATION,
    ROLE,
)

_KANJI, _KATAKANA = "一-鿿々〆ヶヵ𠀀-𯿿", "ァ-ヺー"
_IN_KATAKANA = re.compile(rf"[{_KATAKANA}]+")
BEHIND_KINSHIP = "given name behind a word of kinship"
_WORD = rf"(?:[{_KANJI}]{{1,5}}|[{_KATAKANA}]{{2,8}})"
_BEGIN = r"(?:^|(?<=[\n。「『、,:;@(!?→]))[ @→]?"
_INTRODUCED = re.compile(
    rf"(?:{_BEGIN}|(?<=[課係室所店社部局の刷院園校会店量口者人])の)(?P<value>{_WORD})"
    r"(?=(?:です|でした|だけど|でございま|という(?:方|人|者|職員|若)|と申[しす]|と名乗|と言い?ま|と言われ|といいま|と言う者|という者)(?![かがよね]))"
)
_I = re.compile(
    rf"(?:^|(?<=[\n。「 ]))(?:私|わたくし|わたし)(?:こと|、|,)(?P<value>{_WORD})(?=[はがも、]|です)"
)
_WILL_COME = re.compile(
    rf"(?:^|(?<=[\n。、 ])|(?<=では))(?P<value>{_WORD})(?=が(?:伺|うかが|参り|まいり|担当|対応|承|お答|ご案内|電話))"
)
_AGED = re.compile(rf"(?:者|人|^|(?<=[\n。、 :]))(?P<value>[{_KANJI}]{{1,4}})(?=\([0-9]{{1,3}}[歳才代])")
_FAMILY_OF = re.compile(
    rf"{_BEGIN}(?P<value>{_WORD})(?=の(?:家内|妻|夫|主人|嫁|娘|息子|母|父|孫|長男|長女|両親|代理|お?じい|お?ばあ))"
)
_SPEAKER = re.compile(rf"(?:^|(?<=\n))(?P<value>[{_KANJI}]{{1,4}}) (?=[^\n|,]{{8,}}。)")
_OFFICER = re.compile(rf"(?:{ROLE})(?:は|が)(?P<value>{_WORD})(?=[、。]|です|に(?:決|交代|な))")
_STRANGE_OFFICER = re.compile(
    rf"(?:^|(?<=[\n。、 ]))(?P<value>[{_KATAKANA}]{{2,8}})(?=(?![語人国系])[{_KANJI}]{{0,4}}(?:{ROLE}))"
)
_OFFICE_IN_BRACKETS = rf"\([{_KANJI}{_KATAKANA}]{{0,8}}(?:課|係|室|部|校|相|局|所|園|社協|包括|学校|訪看)\)"
_WITH_OFFICE = re.compile(
    rf"(?:^|(?<=[\n、。 :])|(?<=参加))(?P<value>[{_KANJI}]{{1,4}})(?={_OFFICE_IN_BRACKETS})"
)
_SPACED_BEFORE_TITLE = re.compile(
    rf"(?:^|(?<=[ぁ-ん、。 :(]))(?P<value>[{_KANJI}]{{1,4}} (?P<given>[{_KANJI}]{{1,3}}|[ぁ-ん]{{2,4}}"
    rf"|[{_KATAKANA}]{{2,5}}))"
    rf"(?=さん|さま|様|氏|君|くん|ちゃん|殿)"
)
_HEAD = re.compile(
    rf"(?:^|(?<=[\n。、 ぁ-ん]))(?P<value>[{_KANJI}]{{2,3}})"
    rf"(?=[{_KANJI}]{{2,3}}(?:[部課係室局]長|主任|委員長|議員|院長))"
)
_SIGNED = re.compile(
    rf"(?:^|(?<=[\n。])) ?(?P<value>(?P<surname>[{_KANJI}]{{1,4}}) "
    rf"(?P<given>[{_KANJI}]{{1,4}}|[ぁ-ん]{{2,5}}|[ァ-ヺー]{{2,6}}))"
    r"(?= ?(?:$|\n|拝|印|㊞|\())"
)
_SIGNED_ALONE = re.compile(rf"(?<=[。\n!])(?P<value>{_WORD})$")
_SPOKEN_TO = re.compile(
    rf"(?:^|(?<=[\n ]))@(?P<value>{_WORD})(?=[ \n、]|$)|→(?P<passed>{_WORD})(?=[ :、\n]|へ|$)"
)
_REACHED = re.compile(
    rf"(?:^|(?<=[ \n、。,:|/(]|[はがとかやへ]))(?P<value>[{_KANJI}]{{2,5}}) ?[(<] ?"
    r"(?=[A-Za-z0-9._+-]+@|0[0-9]{1,4}[-(]|内線|TEL|電話|携帯)"
)
_RELATED = re.compile(
    rf"(?<![{_KANJI}]){RELATION}(?:の|は|:|が)? ?(?!{RELATION})(?P<value>[{_KATAKANA}]{{2,9}}"
    rf"|[{_KANJI}]{{1,3}}(?: [{_KANJI}]{{1,3}})?)"
    rf"(?=[ 、。()（]|[はがもとの](?![{_KANJI}]{{0,2}}[係親])|$)"
)
_BEFORE_RELATION = re.compile(
    rf"(?:^|(?<=[ \n、。,:|/()はがもをにと]))(?P<value>[{_KANJI}]{{1,4}}"
    rf"|[ぁ-ん]{{2,5}}|[{_KATAKANA}]{{2,8}}) ?\( ?{RELATION} ?[)、,・]"
)
_CHILD_CALLED = re.compile(
    rf"(?:息子|娘|孫|妻|夫|長男|長女|[次二三]男|[次二三]女|弟|妹)の(?P<value>(?![方件分親友話口体足手目顔声家部命前事物夫妻嫁母父孫上下代])[{_KANJI}])(?=[がはも]|を(?!見))"
    r"|(?:息子|娘|孫|妻|夫|長男|長女|[次二三]男|[次二三]女|弟|妹|母|父|姉|兄)の(?P<kana>[ぁ-ん]{2,4})(?=[がはもとのを])"
)
_CALLED_DEARLY = re.compile(
    rf"(?:^|(?<=[^{_KANJI}{_KATAKANA}]))(?P<value>[{_KANJI}]{{1,4}}|[{_KATAKANA}]{{2,8}})(?=ちゃん(?!人形)|くん(?!人形)|君(?![がのは]?代))"
    rf"|(?:^|(?<=[ \n、。「(のと]))(?P<kana>[ぁ-ん]{{2,4}})(?=ちゃん|くん)"
)
_CALLED_POLITELY = re.compile(
    rf"(?:^|(?<=[^{_KANJI}{_KATAKANA}・]))(?P<value>[{_KANJI}]{{2,4}}|[{_KATAKANA}]{{2,8}})(?=さん(?![さち])|さま(?!ざ)|様(?![式々子態相反])|氏(?![名神族子])|君外)"
)
_LIST_OF_PEOPLE = re.compile(
    rf"(?P<value>{_WORD}(?:[、,・]{_WORD}){{1,9}})(?=の[0-9一二三四五六七八九十]{{1,2}}[名人]|らが|ほか[0-9])"
)
_PEOPLE_NAMED = re.compile(
    rf"(?:事務局|当番|出席者?|欠席者?|参加者?|担当者?|署名人?|委員|立会人"
    rf"|構成員)[ :]{{1,2}}(?P<value>{_WORD}(?:(?:[、,・]| ){_WORD}){{0,11}})(?=[。、\n )]|$|\()"
)
_FOREIGN = re.compile(rf"(?<![{_KATAKANA}・])[{_KATAKANA}]+(?:[・=][{_KATAKANA}]+)+(?![{_KATAKANA}・])")
_FIRM_BEHIND = re.compile(rf"{ORGANISATION}|[製社型式]|(?:ブランド|シリーズ)")
_LATIN_NAME = re.compile(r"(?<![A-Za-z])[A-Z]{2,}(?: [A-Z]{2,}){1,4}(?![A-Za-z0-9])")
_OF_A_FOREIGNER = re.compile(r"在留|国籍|外国人|旅券|パスポート|passport|氏名|名義|name", re.IGNORECASE)
_NO_NAME = re.compile(
    rf"^(?:{NO_NAME}|{LABEL})|(?:{AGENT})$|{ORGANISATION}|.[駅県郡市町村区]$|(?:{ROLE})$|^(?:{ROLE})$"
)
_PLACE_END = re.compile(rf"{PLACE}$")
_QUOTED = re.compile(
    rf"「(?P<value>[{_KANJI}]{{2,4}}(?: ?[{_KANJI}ぁ-ん]{{1,4}})?|[{_KATAKANA}]{{3,8}})」(?=と(?:あ|書|読|記|い"
    rf"|名乗|なっ)|を名乗|で(?:す|お願|ご|よ)|(?:さん|様|氏)|では?な)"
)
_HOUSE_OF = re.compile(rf"(?<![{_KANJI}])(?P<value>[{_KANJI}]{{2,3}})家(?=[のはがにをと、。](?!具))")
_SPEAKS = re.compile(rf"(?:^|(?<=[\n」 ]))(?P<value>[{_KANJI}]{{2,4}})(?=「)")
_IN_BRACKETS_BEHIND_OFFICE = re.compile(
    rf"(?:事務局|[課係室部局署]長?|委員長?|会長|市長|記録|報告|担当|受付|対応|聴取|作成|窓口|司会|議長)\((?P<value>[{_KANJI}]{{1,4}})\)"
)
_SAID_OF = re.compile(
    rf"(?<=[課係室所店社部局院園校会長者])の(?P<value>[{_KANJI}]{{2,4}})(?=が(?:行|伺|参|担|対|説|お|ご|い)|は(?:不在|外出|本日|ただいま|席)|より|まで[ごお連])"
)
_FORMERLY = re.compile(
    rf"(?:までは?|旧姓[はが]?|旧氏[はが]?|以前は|前は|元は|もとは)、? ?(?P<value>[{_KANJI}]{{2,4}})(?=でした|です"
    rf"|だっ|と(?:名乗|い|申))"
)
_BEHIND_PERSON = re.compile(
    rf"[{_KANJI}]{{1,4}}[者人](?P<value>[{_KANJI}]{{2,4}})(?=[、。はが( ]|より|から|$)"
)
_KANA_GIVEN = re.compile(
    rf"(?<![{_KANJI}{_KATAKANA}ぁ-ん] )(?<![{_KANJI}])"
    rf"(?P<value>(?P<surname>[{_KANJI}]{{1,4}}) (?P<given>[{_KATAKANA}]{{2,5}}|[ぁ-ん]{{2,4}}))"
    rf"(?=[がはのをにとも、。)(\n ]|さん|様|$)"
)
_BEHIND_CODE = re.compile(rf"(?<=[0-9A-Z])\((?P<value>[{_KATAKANA}]{{2,8}})\)")
_IN_PERSON = re.compile(rf"(?<![{_KANJI}])(?P<value>[{_KANJI}]{{1,4}})(?=本人(?:より|から|[がはもとに]))")
_IN_A_ROW = re.compile(
    rf"(?:^|(?<=[\n,|])) ?(?P<value>[{_KANJI}]{{1,4}})(?= ?[,|] ?[男女]性? ?(?:[,|]|$|\n))"
)
_BOWS = re.compile(rf"(?:^|(?<=\n)) ?(?P<value>[{_KANJI}]{{1,4}})(?=拝 ?(?:$|\n))")
_SAYS = re.compile(rf"(?:^|(?<=\n))(?P<value>[{_KANJI}]{{1,4}})(?= ?: ?[^\n]{{4,}})")
_ONE_OF_THEM = re.compile(
    rf"(?:^|(?<=[^{_KANJI}{_KATAKANA}]))(?P<value>[{_KANJI}]{{2,4}}|[{_KATAKANA}]{{3,8}})"
    r"(?=一家(?![言庭])|お?(?:じ|ば)さん|[姉兄]さん|先輩|後輩)"
)
_NUMBERED = re.compile(rf"[0-9]{{1,2}}[名人]\((?P<value>{_WORD}(?:[、,・]{_WORD}){{1,9}})\)")
_CAME_FROM = re.compile(
    rf"(?:から(?:来|参)[^、。]{{0,6}}|にいた|に住む|在住の|在勤の)(?P<value>[{_KANJI}]{{2,4}})(?=です|と申|と名乗|さん|様)"
)

_BY_SURNAME = (
    (_HOUSE_OF, "house of a surname", False),
    (_SPEAKS, "surname before what is said", True),
    (_IN_BRACKETS_BEHIND_OFFICE, "surname in brackets behind an office", True),
    (_SAID_OF, "surname of one of an office", True),
    (_IN_PERSON, "surname of one in person", True),
    (_IN_A_ROW, "surname before a sex in a row", True),
    (_BOWS, "surname below a letter", True),
    (_FORMERLY, "former surname", True),
    (_BEHIND_PERSON, "surname behind what the person is", False),
    (_CAME_FROM, "surname of who comes from somewhere", True),
    (_QUOTED, "surname in quotation marks", False),
    (_I, "says I", True),
    (_WILL_COME, "will come or answer", False),
    (_AGED, "surname with an age", True),
    (_FAMILY_OF, "family of a surname", True),
    (_HEAD, "surname before the head of a unit", False),
    (_SPEAKER, "surname of a speaker at the beginning of a line", False),
    (_OFFICER, "surname behind an office", True),
    (_WITH_OFFICE, "surname with an office in brackets", True),
)
"""Pattern, reason, and whether a surname counts that is a common noun as well."""


def in_context(text: str) -> Iterator[Found]:
    """Names that their surroundings tell, possibly overlapping."""
    yield from _single(text)
    yield from _family(text)
    yield from _several(text)
    yield from _foreign(text)


def _found(start: int, end: int, score: float, reason: str) -> Found:
    return Found(Kind.PERSON, start, end, score, reason)


def _is_surname(value: str) -> bool:
    return is_surname(value) and not _NO_NAME.search(value)


def _single(text: str) -> Iterator[Found]:
    """Who introduces, signs, is spoken to or reached."""
    for match in _INTRODUCED.finditer(text):
        value = match["value"]
        says = text.startswith(("と申し", "と申す", "と名乗", "と言う者", "という者"), match.end())
        strange = (says or is_person(value) or _IN_KATAKANA.fullmatch(value)) and not is_common(value)
        if _is_surname(value) or (strange and not _NO_NAME.search(value)):
            yield _found(*match.span("value"), 0.7, "introduces himself or herself")
    for pattern, reason, common_too in _BY_SURNAME:
        for match in pattern.finditer(text):
            if _is_surname(match["value"]) and (common_too or not is_common(match["value"])):
                yield _found(*match.span("value"), 0.7, reason)
    for match in _STRANGE_OFFICER.finditer(text):
        if is_person(match["value"]) and not is_common(match["value"]):
            yield _found(*match.span("value"), 0.7, "name in katakana before an office")
    for match in _SPACED_BEFORE_TITLE.finditer(text):
        kana = not re.search(rf"[{_KANJI}]", match["given"])
        surname = match["value"].split(" ")[0]
        if (is_given(match["given"]) or (kana and is_surname(surname))) and not _NO_NAME.search(
            match["value"]
        ):
            yield _found(*match.span("value"), 0.87, "surname, blank and given name before a title")
    for match in _SIGNED.finditer(text):
        if _is_surname(match["surname"]) and not _NO_NAME.search(match["given"]):
            yield _found(*match.span("value"), 0.7, "a name alone on its line")
    speakers = [m for m in _SAYS.finditer(text) if _is_surname(m["value"])]
    for match in speakers if len(speakers) > 1 else ():
        yield _found(*match.span("value"), 0.7, "surnames of those who speak")
    for match in _ONE_OF_THEM.finditer(text):
        if is_person(match["value"]) and not is_common(match["value"]):
            yield _found(*match.span("value"), 0.75, "name before what one calls another")
    for match in _KANA_GIVEN.finditer(text):
        given = match["given"]
        if _is_surname(match["surname"]) and not (is_known(given) and not is_person(given)):
            yield _found(*match.span("value"), 0.72, "surname, blank and given name in kana")
    for match in _BEHIND_CODE.finditer(text):
        if is_person(match["value"]) and not _NO_NAME.search(match["value"]):
            yield _found(*match.span("value"), 0.7, "name in brackets behind a number")
    for match in _SIGNED_ALONE.finditer(text):
        if _is_surname(match["value"]) and not is_common(match["value"]):
            yield _found(*match.span("value"), 0.6, "a surname alone at the end")
    for match in _SPOKEN_TO.finditer(text):
        group = "value" if match["value"] else "passed"
        if not _NO_NAME.search(match[group]) and (is_surname(match[group]) or not is_common(match[group])):
            yield _found(*match.span(group), 0.9, "spoken to, or passed on to")
    for match in _REACHED.finditer(text):
        if _is_surname(match["value"]) and not is_common(match["value"]):
            yield _found(*match.span("value"), 0.7, "surname with the way to reach")


def _family(text: str) -> Iterator[Found]:
    """Given names beside a word of kinship or a title for the young."""
    for match in _RELATED.finditer(text):
        value = match["value"]
        if _NO_NAME.search(value):
            continue
        strange = value[0] >= "ァ" and value[0] <= "ヺ" and not is_common(value)
        new = len(value) == 2 and not is_known(value) and text[match.start("value") - 1] not in "のはが: "
        young = text[match.start("value") - 1] == "の" and text[match.end() : match.end() + 1] in "がはも"
        alone = not is_common(value) or young or text[match.end() : match.end() + 1] == "("
        before = text[match.start("value") - 1]
        row = (
            before not in "のはが " and is_given(value) and text[match.end() : match.end() + 1] in ("、", "(")
        )
        day = re.match(r"\((?:[0-9SHRTM昭平令]|[0-9]{1,3}[歳才])", text[match.end() : match.end() + 4])
        dated = bool(day) and (len(value) == 1 or is_given(value) or not is_common(value))
        spaced = " " in value and _is_surname(value.split(" ")[0])
        oneself = text.startswith("本人", match.start()) and _is_surname(value) and not is_common(value)
        if strange or new or oneself or row or dated or spaced or (is_given(value) and alone):
            yield _found(*match.span("value"), 0.75, BEHIND_KINSHIP)
    for match in _CHILD_CALLED.finditer(text):
        if match["value"] or is_given(match["kana"]):
            yield _found(*match.span("value" if match["value"] else "kana"), 0.65, BEHIND_KINSHIP)
    for match in _BEFORE_RELATION.finditer(text):
        value = match["value"]
        if not _NO_NAME.search(value) and (is_person(value) or (len(value) < 3 and not is_known(value))):
            yield _found(*match.span("value"), 0.75, "name before a word of kinship in brackets")
    for match in _CALLED_DEARLY.finditer(text):
        group = "value" if match["value"] else "kana"
        if not _NO_NAME.search(match[group]):
            yield _found(*match.span(group), 0.75, "name before a title for the young")
    for match in _CALLED_POLITELY.finditer(text):
        value = match["value"]
        if (
            not _NO_NAME.search(value)
            and (is_person(value) or not is_common(value))
            and not _PLACE_END.search(value)
        ):
            yield _found(*match.span("value"), 0.75, "word that is no common noun before a title")


def _several(text: str) -> Iterator[Found]:
    """Surnames in a list of persons: 三枝、九十九、四月朔日の三名."""
    for match in _NUMBERED.finditer(text):
        for part in re.finditer(_WORD, match["value"]):
            if not is_common(part[0]) and not _NO_NAME.search(part[0]) and not is_place(part[0]):
                start = match.start("value") + part.start()
                yield _found(start, start + len(part[0]), 0.7, "one of so many")
    for pattern in (_LIST_OF_PEOPLE, _PEOPLE_NAMED):
        for match in pattern.finditer(text):
            parts = list(re.finditer(_WORD, match["value"]))
            if not any(_is_surname(part[0]) for part in parts):
                continue
            for part in parts:
                start = match.start("value") + part.start()
                if is_person(part[0]) and not _NO_NAME.search(part[0]):
                    yield _found(start, start + len(part[0]), 0.7, "surname in a list of persons")


def _foreign(text: str) -> Iterator[Found]:
    """Names of several words in katakana or capitals."""
    for match in _FOREIGN.finditer(text):
        parts = re.split("[・=]", match[0])
        if not any(is_person(part) and not is_common(part) for part in parts) or _FIRM_BEHIND.match(
            text, match.end()
        ):
            continue
        if any(map(is_country, parts)):
            continue
        if parts[0] == parts[-1] or (is_common(parts[0]) and is_common(parts[-1])):
            continue  # ジョンソン・エンド・ジョンソン
        yield _found(*match.span(), 0.86, "several words in katakana, a name among them")
    for match in _LATIN_NAME.finditer(text):
        around = text[max(0, match.start() - 24) : match.start()] + text[match.end() : match.end() + 16]
        if _OF_A_FOREIGNER.search(around) and not _OF_A_FOREIGNER.search(match[0]):
            yield _found(*match.span(), 0.75, "words in capitals where a foreigner is spoken of")
