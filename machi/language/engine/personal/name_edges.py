"""Where a name ends: offices, labels and firms that were taken for a part of it, and what is no name at all."""

import re

from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.lexicon import is_given, is_person, is_surname
from machi.language.engine.personal.name_words import COMPANY_BEFORE, LABEL, RELATION, ROLE

_OFFICE_FIRST = re.compile(
    rf"(?:(?:[^ ]+(?:課|係|室|班|部|党|局|会|組|一覧)|{ROLE}|{LABEL}|会計|合議|起案|決裁) )+(?=[^ ])"
)
_ROLE_LAST = re.compile(rf" ?(?:{ROLE})(?:代理|補佐|職務代理者?)?$")
_LABEL_BEHIND = re.compile(r" ?[:】]")
_FIRM = re.compile(rf"(?:{COMPANY_BEFORE}) ?$")
_FIRM_LAST = re.compile(r".(?:組|屋|堂|会|社|店)$")
_PREFIX_OF_ROLE = re.compile(rf"[新旧元前現次同全各両副正仮](?=(?:{ROLE}))")
_RELATION_FIRST = re.compile(rf"(?:{RELATION}|{ROLE})(?=[^ ])")
_AGE_LAST = re.compile(r" 満?[0-9一二三四五六七八九十百]{1,4}[歳才]$")
_OF_RENOWN = re.compile(r"[^ ]ゆかり$")
_NEVER = re.compile(
    rf"(?:{RELATION}|満?[0-9一二三四五六七八九十百]+[歳才]|ため|こと|もの|とき|ところ|よう|わけ|(?:平 ?成|昭 ?和|大 ?正"
    r"|明 ?治|令 ?和) ?(?:[年元0-9].*)?)$"
)


def tidied(text: str, one: Found) -> Found | None:
    """``one`` without what is no part of a name, or None where nothing is left."""
    start, end = one.start, one.end
    office = _OFFICE_FIRST.match(text, start, end)
    if office and not is_surname(office[0].rstrip()):
        start = office.end()
    if _LABEL_BEHIND.match(text, end) and " " in text[start:end]:
        last = text[start:end].rsplit(" ", 1)[1]
        if not is_person(last):
            end -= len(last) + 1
    role = _ROLE_LAST.search(text[start:end])
    if role and len(role[0]) > 1 and role.start() and is_surname(text[start : start + role.start()]):
        end = start + role.start()
    relation = _RELATION_FIRST.match(text, start, end)
    if relation and not is_person(text[start:end].split(" ")[0]):
        rest = text[relation.end() : end]
        if is_surname(rest.split(" ")[0]):
            start = relation.end()
    age = _AGE_LAST.search(text[start:end])
    if age:
        end -= len(age[0])
    value = text[start:end]
    if _OF_RENOWN.search(value) and text.startswith("の", end):
        return None  # 北条早雲ゆかりの地
    if (
        not value
        or _NEVER.match(value)
        or (_PREFIX_OF_ROLE.match(text, start, max(end, start) + 6) and len(value) == 1)
    ):
        return None
    like_a_firm = _FIRM_LAST.search(value) and not is_surname(value) and not is_given(value.split(" ")[-1])
    if like_a_firm and _FIRM.search(text, max(0, start - 10), start):
        return None
    if (start, end) == (one.start, one.end):
        return one
    return Found(Kind.PERSON, start, end, one.score, one.reason)
