"""Free layouts: labels and their values by geometry, where there is no blank form to lay the page on.

A field's value stands behind its label in the same line, in a box to the right of it, or below it. Labels are found by
their spellings (``FieldDefinition.anchors``, else its label), whatever blanks and colons they are written with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from machi.casework.engine.types import Box, FieldDefinition, FormDefinition

_JOINTS = re.compile(r"[\s::；;・.．()（）\[\]【】「」※*＊_＿]")


@dataclass(frozen=True)
class Words:
    """A piece of a line as the recogniser or a PDF gives it."""

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True)
class Value:
    text: str
    box: Box
    confidence: float


def bare(words: str) -> str:
    """Words without blanks and punctuation, in one width."""
    return _JOINTS.sub("", unicodedata.normalize("NFKC", words))


def form_of(words: Sequence[Words], forms: Sequence[FormDefinition]) -> FormDefinition | None:
    """The form of whose marks (else title) most letters stand on the page, all of at least one; None for no form."""
    page = bare("".join(piece.text for piece in words))
    best: tuple[int, FormDefinition] | None = None
    for form in forms:
        found = [len(mark) for mark in map(bare, form.marks or (form.title,)) if mark and mark in page]
        if found and (best is None or sum(found) > best[0]):
            best = sum(found), form
    return best[1] if best else None


def values(words: Sequence[Words], fields: Sequence[FieldDefinition]) -> Mapping[str, Value]:
    """Field's key -> its value, for fields whose label and value are found. A piece is one field's value at most."""
    spellings = {
        field.key: sorted(
            {bare(anchor) for anchor in (*field.anchors, field.label)} - {""}, key=len, reverse=True
        )
        for field in fields
    }
    labels = {anchor for some in spellings.values() for anchor in some}
    is_label = [bare(piece.text) in labels for piece in words]
    taken: set[int] = set()
    found: dict[str, Value] = {}
    for field in fields:
        for number, rest in _labels(words, spellings[field.key]):
            if number in taken:
                continue
            if rest:
                taken.add(number)
                found[field.key] = Value(rest, words[number].box, words[number].confidence)
                break
            beside = _beside(words, number, is_label, taken) or _below(words, number, is_label, taken)
            if beside:
                taken.update((number, *beside))
                found[field.key] = _joined([words[one] for one in beside])
                break
    return found


def _labels(words: Sequence[Words], anchors: Sequence[str]) -> list[tuple[int, str]]:
    """Pieces that are the label, or begin with it and a colon or blank; with what stands behind it."""
    found = []
    for number, piece in enumerate(words):
        plain = bare(piece.text)
        for anchor in anchors:
            if plain == anchor:
                found.append((number, ""))
                break
            if plain.startswith(anchor):
                head = r"[\s::]*".join(map(re.escape, anchor))
                split = re.match(rf"\s*{head}\s*[::\s]\s*(.+)$", unicodedata.normalize("NFKC", piece.text))
                if split:
                    found.append((number, split[1].strip()))
                    break
    return found


def _beside(words: Sequence[Words], label: int, is_label: Sequence[bool], taken: set[int]) -> list[int]:
    """Pieces in the label's line to its right, up to the next label."""
    own = words[label].box
    row = sorted(
        (
            n
            for n, piece in enumerate(words)
            if n != label and _same_row(own, piece.box) and piece.box.left >= own.right - 0.01
        ),
        key=lambda n: words[n].box.left,
    )
    chosen: list[int] = []
    edge = own.right
    for number in row:
        gap = words[number].box.left - edge
        if is_label[number] or number in taken or (chosen and gap > 0.08) or gap > 0.35:
            break
        chosen.append(number)
        edge = words[number].box.right
    return chosen


def _below(words: Sequence[Words], label: int, is_label: Sequence[bool], taken: set[int]) -> list[int]:
    """The nearest piece below that begins or ends about where the label does."""
    own = words[label].box
    tall = own.bottom - own.top
    under = [
        (piece.box.top, number)
        for number, piece in enumerate(words)
        if number not in taken
        and -0.3 * tall <= piece.box.top - own.bottom <= 2.5 * tall
        and piece.box.left < own.right
        and piece.box.right > own.left
    ]
    if not under:
        return []
    _, nearest = min(under)
    return [] if is_label[nearest] else [nearest]


def _same_row(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _joined(pieces: Sequence[Words]) -> Value:
    box = Box(
        min(piece.box.left for piece in pieces),
        min(piece.box.top for piece in pieces),
        max(piece.box.right for piece in pieces),
        max(piece.box.bottom for piece in pieces),
    )
    return Value(
        " ".join(piece.text.strip() for piece in pieces), box, min(piece.confidence for piece in pieces)
    )
