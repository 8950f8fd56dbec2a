"""Markets and matchings as CSV, so that hospitals-residents instances run as they are published.

A side is one file with the columns ``name,quota,choices``, one line a participant; choices are names separated by
blanks, best first, ties in brackets: ``h3 (h1 h2) h4``. Experts are the residents, towns the hospitals. Names hold no
blanks and no brackets. A matching is ``expert,town,expert_rank,town_rank`` with ranks from 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from machi.joint.engine.matching import Market, Matching, lists, lots, market

COLUMNS = ["name", "quota", "choices"]
PAIR_COLUMNS = ["expert", "town", "expert_rank", "town_rank"]
_TOKEN = re.compile(r"[()]|[^\s()]+")


@dataclass(frozen=True, slots=True)
class Participants:
    """One side as its file has it: ``choices[i]`` the tiers of names, best first."""

    names: tuple[str, ...]
    quotas: tuple[int, ...]
    choices: tuple[tuple[tuple[str, ...], ...], ...]


def read_side(text: str) -> Participants:
    """ValueError, naming the line, for other columns, quotas that are no number, and brackets that do not close."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if reader.fieldnames != COLUMNS:
        raise ValueError(f"columns must be {','.join(COLUMNS)}")
    names, quotas, choices = [], [], []
    for row in reader:
        try:
            names.append(_name(row["name"]))
            quotas.append(int(row["quota"]))
            choices.append(_choices(row["choices"]))
        except (TypeError, ValueError) as error:
            raise ValueError(f"line {reader.line_num}: {error}") from None
    return Participants(tuple(names), tuple(quotas), tuple(choices))


def write_side(side: Participants) -> str:
    """The file that ``read_side`` reads."""
    rows = [
        (
            name,
            str(quota),
            " ".join(group[0] if len(group) == 1 else f"({' '.join(group)})" for group in tiers),
        )
        for name, quota, tiers in zip(side.names, side.quotas, side.choices, strict=True)
    ]
    return _written(COLUMNS, rows)


def to_market(experts: Participants, towns: Participants, seed: str) -> Market:
    """The market of two sides; ties by ``lots`` of the names. ValueError for names that are missing or given twice."""
    number = [{name: at for at, name in enumerate(side.names)} for side in (experts, towns)]
    expert_lot, town_lot = lots(experts.names, seed), lots(towns.names, seed)
    try:
        nested = [
            [[[known[name] for name in group] for group in tiers] for tiers in side.choices]
            for side, known in ((experts, number[1]), (towns, number[0]))
        ]
    except KeyError as error:
        raise ValueError(f"a list names somebody who does not exist: {error.args[0]}") from None
    return market(
        lists(nested[0]),
        lists(nested[1]),
        experts.quotas,
        towns.quotas,
        expert_lot=expert_lot,
        town_lot=town_lot,
    )


def write_pairs(both: Market, matching: Matching, experts: Sequence[str], towns: Sequence[str]) -> str:
    """The matching, by the order of experts and their preference."""
    owner = both.experts.owner()
    rows = [
        (
            experts[int(owner[entry])],
            towns[int(both.experts.other[entry])],
            str(int(both.experts.tier[entry]) + 1),
            str(int(both.towns.tier[both.town_entry[entry]]) + 1),
        )
        for entry in matching.entries.tolist()
    ]
    return _written(PAIR_COLUMNS, rows)


def _written(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _name(text: str) -> str:
    if not text or _TOKEN.fullmatch(text) is None or text in "()":
        raise ValueError(f"no name: {text!r}")
    return text


def _choices(text: str) -> tuple[tuple[str, ...], ...]:
    tiers: list[tuple[str, ...]] = []
    inside: list[str] | None = None
    for word in _TOKEN.findall(text):
        if word == "(":
            if inside is not None:
                raise ValueError("a bracket within a bracket")
            inside = []
        elif word == ")":
            if not inside:
                raise ValueError("a bracket that closes nothing")
            tiers.append(tuple(inside))
            inside = None
        elif inside is not None:
            inside.append(word)
        else:
            tiers.append((word,))
    if inside is not None:
        raise ValueError("a bracket that does not close")
    return tuple(tiers)
