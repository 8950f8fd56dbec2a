"""Who is meant in a sentence of a meeting: a speaker by name or office, or a division, a firm, a committee."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from machi.casework.engine.minutes_transcript import plain_name

_OFFICE = re.compile(
    r"(?:副?(?:市|町|村|区)長|教育長|部長|次長|課長補佐|課長|室長|局長|所長|館長|園長|校長|係長|主査|主任|主事|主幹|参事|技師|保健師|会長|委員長|委員|議長|座長|団長)$"
)
_HONORIFICS = "さん|先生|様|さま|氏|君|くん|ちゃん"
_HONORIFIC = rf"(?:{_HONORIFICS}|の皆(?:さん|様)|各位)?"
_CALLED = re.compile(rf"(?P<name>[一-龥々ァ-ヶーa-zA-ZＡ-Ｚ]{{1,10}})(?:{_HONORIFICS})")
"""福祉課さん, 伊藤さん, Hさん."""
_BODY = re.compile(
    r"(?<![一-龥ァ-ヶー])(?:[一-龥ァ-ヶー]{1,10}(?:課|部|係|班|室|局|署|センター|担当|委員会|協議会|自治会|業者|会社|管理者|社|団体)"
    r"|事務局|委員|各[一-龥]{1,5}|業者[A-ZＡ-Ｚ]?|担当(?:者)?)(?![一-龥ァ-ヶー])"
)
_NOBODY = (
    "全部",
    "一部",
    "内部",
    "外部",
    "上部",
    "下部",
    "全社",
    "各社",
    "他社",
    "御社",
    "本部",
    "皆",
    "同じ部",
    "同社",
)
_NO_DOER = re.compile(r"(?:客|息子|娘|孫|母|父|奥|嫁|婆|親|住民|区民|市民|町民|皆)$")
"""Called with さん as well, but spoken of."""
_REASON = re.compile(r"^.*(?:ので|んで|けど|けん|ですが|ますが|さかい)、")
"""What is told before what is asked or promised; who does something there is not who is to do it."""
_ANYBODY = re.compile(r"誰か|だれか|どなたか|手の?(?:あい|空い)")
_STEM = re.compile(
    r"(?<![一-龥])(?P<name>[一-龥]{2,5})(?=(?:の(?:ほう|方))?(?:で(?![すもし])|から|にて|は(?=[^。]{0,30}て[。、ね])))"
)
"""秘書で of 秘書広報課長."""
_SELF = re.compile(
    r"(?:私|わたし|僕|俺|わし|うち|当方|当課|当部|こちら|こっち|弊社|自分)(?:ども|ら)?(?:の(?:ほう|方|[一-龥]{1,4}))?(?:が|から|で|にて|も|に|は|、)|当課で"
)
_TO_DO = r"(?:は|が|で|から|、|も|とも|の(?:ほう|方)で|にて|？|\?|(?=お願い|頼[みめむん]))"
_TO_WHOM = r"(?:に|には|へ(?!の))(?=[^。]*(?:お?願い|お任せ|任せ|求め|頼))"
_ALSO = r"(?:と|や|・|、)"
_NOT_ASKED = re.compile(r"に|へ|から|の|と(?:相談|話|打|調整|協議)|が言|って言|は(?:どう|いい)")
"""Behind a name called with さん: somebody whom it is sent to or taken from, not who is asked."""


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    end: int
    name: str


class People:
    """Knows who speaks in a meeting, and by which words they are called there."""

    def __init__(self, speakers: Sequence[str]) -> None:
        plain = Counter(plain_name(speaker) for speaker in speakers)
        # 当局（総務部長） and 当局（人事課長） are two people.
        self._names = {
            speaker: plain_name(speaker) if plain[plain_name(speaker)] == 1 else speaker
            for speaker in speakers
        }
        self._by_word: dict[str, str] = {}
        self._surnames: dict[str, str] = {}
        for speaker, name in self._names.items():
            self._by_word.setdefault(name, name)
            for part in (_OFFICE.sub("", name), *re.split(r"[\s　・/／（）()、]+", speaker)):
                if part and part != name:
                    self._surnames.setdefault(part, name)
        words = [re.escape(word) for word in sorted(self._by_word, key=len, reverse=True)]
        self._known = re.compile("|".join(words)) if words else None

    def named(self, speaker: str) -> str:
        """What a speaker is called: without what stands in brackets, where that tells them apart."""
        return self._names.get(speaker, speaker)

    def speaks(self, name: str) -> bool:
        return name in self._by_word

    def addressed(self, text: str, speaker: str) -> tuple[str, ...]:
        """Who is asked to do it in ``text``, first said first; never the one who asks."""
        asking = self.named(speaker)
        text = _REASON.sub("", text)
        names = [one for one in self._mentioned(text) if one.name != asking]
        for marker in (_TO_DO, _TO_WHOM):
            if found := [one for one in names if self._followed(text, one, marker)]:
                return self._with_partners(text, found[0], asking)
        for one in _CALLED.finditer(text):
            if (
                not _NOT_ASKED.match(text, one.end())
                and not _NO_DOER.search(one["name"])
                and (name := self._called(one["name"]))
                and name != asking
            ):
                return (name,)
        return ()

    def promising(self, text: str, speaker: str) -> tuple[str, ...]:
        """Who takes it on: the speaker, unless another is named as doing it."""
        own = self.named(speaker)
        text = _REASON.sub("", text)
        if not _SELF.search(text):
            for one in self._mentioned(text):
                if self._followed(text, one, r"(?:が|で)") and one.name != own:
                    return self._with_partners(text, one, "")
        return (own,) if own else ()

    def _called(self, word: str) -> str | None:
        """The one speaker whom ``word`` before さん can mean."""
        if exact := self._by_word.get(word) or self._surnames.get(word):
            return exact
        for fits in (str.endswith, str.startswith):
            found = {
                name for part, name in (*self._by_word.items(), *self._surnames.items()) if fits(part, word)
            }
            if len(found) == 1:
                return found.pop()
        return None

    def head_of(self, division: str) -> str | None:
        """The one who speaks for it: 財政課長 for 財政課 and for 財政."""
        found = {
            name
            for name in self._by_word.values()
            if name.startswith(division) and name != division and _OFFICE.search(name)
        }
        return found.pop() if len(found) == 1 else None

    def _mentioned(self, text: str) -> Iterator[_Name]:
        known = self._known.finditer(text) if self._known else iter(())
        found = [_Name(one.start(), one.end(), self._by_word[one[0]]) for one in known]
        for one in _CALLED.finditer(text):
            if _free(found, one) and not _NO_DOER.search(one["name"]):
                name = self._called(one["name"]) or one[0]
                found.append(_Name(one.start(), one.start() + len(one["name"]), name))
        for one in _BODY.finditer(text):
            if _free(found, one) and not one[0].endswith(_NOBODY):
                found.append(_Name(one.start(), one.end(), one[0]))
        for one in _STEM.finditer(text):
            if _free(found, one) and (head := self.head_of(one["name"])):
                found.append(_Name(one.start(), one.end(), head))
        yield from sorted(found, key=lambda one: one.start)

    def _followed(self, text: str, one: _Name, marker: str) -> bool:
        return re.match(_HONORIFIC + marker, text[one.end :]) is not None or (
            re.match(_HONORIFIC + _ALSO, text[one.end :]) is not None and marker == _TO_DO
        )

    def _with_partners(self, text: str, first: _Name, but: str) -> tuple[str, ...]:
        """市民部と人事課で: both."""
        names, end = [first.name], first.end
        for one in self._mentioned(text):
            if one.start > end and re.fullmatch(
                _HONORIFIC + r"(?:と|及び|および|・|(?<=さん)、)", text[end : one.start]
            ):
                names.append(one.name)
                end = one.end
        return tuple(dict.fromkeys(name for name in names if name != but))


def is_for_anybody(text: str) -> bool:
    return _ANYBODY.search(text) is not None


def _free(found: Sequence[_Name], one: re.Match[str]) -> bool:
    return all(one.end() <= name.start or name.end <= one.start() for name in found)
