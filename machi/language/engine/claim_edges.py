"""Which days and times of a sentence begin something, and which end it: 5月8日〜6月7日, 7月7日まで, 9時から."""

import re
from collections.abc import Iterator

from machi.language.engine.claim_facts import DATE, TIME, Fact, date_fact, inherited, time_fact

Edge = tuple[Fact, bool]
"""A day (``("date", "5", "8")``, without its year) or a time of day, and whether it is a beginning."""

_DAY = re.compile(r"(?<![\d月./])(?P<day>3[01]|[12]\d|[1-9])日(?![間前後目])")
_STARTS = re.compile(
    r"\s*(?:\([^)]{1,6}\)\s*)?(?:から|より(?=[^\s]{0,4}(?:開|始|受))|以降|[~?](?=\s*(?:\d|午|正|翌|$|[、。)])))"
)
_ENDS = re.compile(
    r"\s*(?:\([^)]{1,6}\)\s*)?(?:\(?[^\s()。、]{0,4}(?:必着|締切|締め切)|(?:頃|ごろ|末)?まで|に(?:終|締))"
)
_AFTER_START = re.compile(r"(?:[~?]|から)\s*(?:翌年|午前|午後)?\s*$")


def edges_of(text: str) -> tuple[frozenset[Edge], ...]:
    """Of each line that has any. ``text`` as ``claim_facts.written`` gives it."""
    lines = (frozenset(_edges(line)) for line in inherited(text).splitlines())
    return tuple(line for line in lines if line)


def _edges(line: str) -> Iterator[Edge]:
    month = ""
    taken: set[int] = set()
    found: list[tuple[re.Match[str], Fact]] = []
    for one in DATE.finditer(line):
        _kind, _year, _month, day = date_fact(one)
        found.append((one, ("date", _month, day)))
        taken.update(range(one.start(), one.end()))
    found += [(one, time_fact(one)) for one in TIME.finditer(line) if one.start() not in taken]
    found += [(one, ("date", "", one["day"])) for one in _DAY.finditer(line) if one.start() not in taken]
    for one, fact in sorted(found, key=lambda pair: pair[0].start()):
        if fact[0] == "date":
            month = fact[1] or month
            fact = ("date", month, fact[2])
        if _ENDS.match(line, one.end()):
            yield fact, False
        elif _STARTS.match(line, one.end()):
            yield fact, True
        elif _AFTER_START.search(line, 0, one.start()):
            yield fact, False
