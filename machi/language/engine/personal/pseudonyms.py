"""Reversible pseudonyms inside one request: an outside model sees 〔人名1〕, the reader of its reply the name."""

import re
from collections.abc import Collection, Sequence

from machi.language.engine.personal.finding import find
from machi.language.engine.personal.kinds import LABELS, PERSONAL, Found, Kind
from machi.language.engine.personal.view import view

_LITERAL = "記号"
_OPEN, _CLOSE = r"[〔［\[【(（｛{〈《「『<＜]", r"[〕］\])）】｝}〉》」』>＞]"
_PLACEHOLDER = re.compile(
    rf"{_OPEN}\s*(?P<label>{'|'.join((*LABELS.values(), _LITERAL))})\s*(?P<number>[0-9０-９]{{1,4}})\s*{_CLOSE}"
)
_SEPARATORS = re.compile(r"[\s\-()・,、.]+")


class PersonalNumberFound(Exception):
    """The text holds a My Number, which may leave by no way at all. Says nothing of the number itself."""

    def __init__(self) -> None:
        super().__init__("a My Number was found; the request is blocked")


class Pseudonyms:
    """The names given to true values within one request. Keep it no longer than the request."""

    def __init__(self, kinds: Collection[Kind] = PERSONAL) -> None:
        self._kinds = frozenset(kinds) | {Kind.MY_NUMBER}
        self._placeholders: dict[tuple[str, str], str] = {}
        self._true: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def hide(self, text: str) -> str:
        """``text`` with placeholders. See ``hide_all``."""
        return self.hide_all([text])[0]

    def hide_all(self, texts: Sequence[str]) -> list[str]:
        """``texts`` with 〔人名1〕 and the like for every value found in any of them, or by an earlier call.

        The same value gets the same placeholder, however its digits are grouped. What already looks like a
        placeholder is hidden too, so that it comes back as it was. Raises PersonalNumberFound, and then
        nothing of any text has been named.
        """
        found = [find(text, self._kinds) for text in texts]
        if any(one.kind is Kind.MY_NUMBER for each in found for one in each):
            raise PersonalNumberFound
        for text, each in zip(texts, found, strict=True):
            for one in each:
                self._name(LABELS[one.kind], text[one.start : one.end])
        return [self._hidden(text, each) for text, each in zip(texts, found, strict=True)]

    def reveal(self, reply: str) -> str:
        """``reply`` with the true values back. Other brackets, widths and blanks inside a placeholder are
        understood; a placeholder that was never given out stays as it stands."""

        def true(match: re.Match[str]) -> str:
            key = f"〔{match['label']}{int(match['number'])}〕"
            return self._true.get(key, match[0])

        return _PLACEHOLDER.sub(true, reply)

    def _name(self, label: str, value: str) -> str:
        key = (label, _SEPARATORS.sub("", view(value).text) or value)
        if key not in self._placeholders:
            self._counts[label] = self._counts.get(label, 0) + 1
            placeholder = f"〔{label}{self._counts[label]}〕"
            self._placeholders[key] = placeholder
            self._true[placeholder] = value
        return self._placeholders[key]

    def _hidden(self, text: str, found: Sequence[Found]) -> str:
        parts: list[str] = []
        done = 0
        for one in found:
            parts += (
                self._rest(text[done : one.start]),
                self._name(LABELS[one.kind], text[one.start : one.end]),
            )
            done = one.end
        return "".join((*parts, self._rest(text[done:])))

    def _rest(self, text: str) -> str:
        """Text in which nothing was found, without values that were found elsewhere."""
        known = [value for value in self._true.values() if len(value) > 2]
        if not known and not _PLACEHOLDER.search(text):
            return text
        words = sorted(map(re.escape, known), key=len, reverse=True)
        pattern = re.compile("|".join((*words, _PLACEHOLDER.pattern)))
        return pattern.sub(lambda match: self._again(match[0]), text)

    def _again(self, value: str) -> str:
        for placeholder, true in self._true.items():
            if true == value:
                return placeholder
        return self._name(_LITERAL, value)
