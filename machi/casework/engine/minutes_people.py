"""Who is meant in a sentence of a meeting: a speaker by name or office, or a division, a firm, a committee."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from machi.casework.engine.minutes_transcript import plain_name

_OFFICE = re.compile(
    r"(?:副?(?:市|町|村|区)長|教育長|部長|次長|課長|課長補佐|室長|局長|所長|館長|園長|校長|係長|主査|主任|主事|主幹|参事|技師|保健師|会長|委員長|委員|議長|座長|団長)$"
)
_HONORIFIC = r"(?:さん|様|氏|君|くん|の皆(?:さん|様)|各位)?"
_BODY = re.compile(
    r"(?<![一-龥ァ-ヶー])(?:[一-龥ァ-ヶー]{1,10}(?:課|部|係|室|局|署|センター|担当|委員会|協議会|自治会|業者|会社|管理者|社|団体)"
    r"|事務局|委員|各課|業者[A-ZＡ-Ｚ]?|担当(?:者)?)(?![一-龥ァ-ヶー])"
)
_SELF = re.compile(
    r"(?:私|わたし|当方|当課|当部|こちら|弊社)(?:ども)?(?:の(?:ほう|方))?(?:が|から|で|にて|も)|当課で"
)
_TO_DO = r"(?:は|が|で|から|、|も|とも|の(?:ほう|方)で|にて)"
_TO_WHOM = r"(?:に|には|へ)(?=[^。]*(?:お?願い|お任せ|任せ|求め|頼))"


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    end: int
    name: str


class People:
    """Knows who speaks in a meeting, and by which words they are called there."""

    def __init__(self, speakers: Sequence[str]) -> None:
        self._by_word: dict[str, str] = {}
        self._surnames: dict[str, str] = {}
        for speaker in speakers:
            name = plain_name(speaker)
            self._by_word.setdefault(name, name)
            for word in (_OFFICE.sub("", name), *name.split()[1:]):
                if word != name and (len(word) >= 2 or " " in name):
                    self._surnames.setdefault(word, name)

    def called(self, word: str) -> str:
        return self._by_word.get(word, word)

    def addressed(self, text: str, speaker: str) -> tuple[str, ...]:
        """Who is asked to do it in ``text``, first said first; never the one who asks."""
        asking = plain_name(speaker)
        for marker in (_TO_DO, _TO_WHOM):
            found = [
                one for one in self._named(text) if one.name != asking and self._followed(text, one, marker)
            ]
            if found:
                return self._with_partners(text, found[0], asking)
        return ()

    def promising(self, text: str, speaker: str) -> tuple[str, ...]:
        """Who takes it on: the speaker, unless another is named as doing it."""
        own = plain_name(speaker)
        if not _SELF.search(text):
            for one in self._named(text):
                if self._followed(text, one, r"(?:が|で|は)") and one.name != own:
                    return self._with_partners(text, one, "")
        return (own,)

    def _named(self, text: str) -> Iterator[_Name]:
        words = [re.escape(word) for word in sorted(self._by_word, key=len, reverse=True)]
        # 伊藤さん is 伊藤主査; 福祉 of 福祉課 is nobody.
        words += [
            rf"{re.escape(word)}(?=さん|氏|君|くん|様)"
            for word in self._surnames
            if word not in self._by_word
        ]
        known = re.compile("|".join(words)) if words else None
        found: list[_Name] = []
        for one in known.finditer(text) if known else ():
            name = self._by_word.get(one[0]) or self._surnames[one[0]]
            found.append(_Name(one.start(), one.end(), name))
        for one in _BODY.finditer(text):
            if all(one.end() <= name.start or name.end <= one.start() for name in found):
                found.append(_Name(one.start(), one.end(), one[0]))
        yield from sorted(found, key=lambda one: one.start)

    def _followed(self, text: str, one: _Name, marker: str) -> bool:
        return re.match(_HONORIFIC + marker, text[one.end :]) is not None or (
            re.match(_HONORIFIC + r"(?:と|や|・|、)", text[one.end :]) is not None and marker == _TO_DO
        )

    def _with_partners(self, text: str, first: _Name, but: str) -> tuple[str, ...]:
        """市民部と人事課で: both."""
        names, end = [first.name], first.end
        for one in self._named(text):
            if one.start > end and re.fullmatch(_HONORIFIC + r"(?:と|及び|および|・)", text[end : one.start]):
                names.append(one.name)
                end = one.end
        return tuple(dict.fromkeys(name for name in names if name != but))
