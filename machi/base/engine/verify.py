"""Finds what was done to a stored ledger: every edit, removal, reordering, insertion and truncation.

One pass over the entries in O(log n) memory. Evidence is used from the nearest to the farthest:

1. the entry's data against its own stored leaf hash: names the very entry;
2. the index, as stored and as written inside the data: names missing, repeated, moved and inserted entries;
3. the subtree hashes stored beside the entries (those ``Frontier.append`` returned), where they are kept:
   name the smallest subtree that holds an entry rewritten together with its leaf hash;
4. tree heads: the stored one, and signed checkpoints, which nobody without the key can forge: name the stretch
   between two heads. Only a checkpoint kept outside the store helps against someone who rewrites all of it.

Finding nothing means: the entries are exactly those that every given head was made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from machi.base.engine.merkle import EMPTY_ROOT, TreeHead, leaf_hash, node_hash

FindingKind = Literal[
    "edited",  # the data do not give the stored leaf hash
    "removed",  # an index is missing
    "out_of_place",  # an index comes again, or after a later one
    "moved",  # the data say another index: swapped, or renumbered around a removal or an insertion
    "rewritten",  # the entries do not give the hash over them: one was changed together with its leaf hash
    "truncated",  # the log ends before a head that was made of more
    "unrecorded",  # entries beyond the stored head
    "head",  # the stored head is contradicted by a checkpoint
    "subtrees",  # the number of subtree hashes beside an entry cannot be right
    "unchecked",  # missing entries keep the next head from being compared
]


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as the store has it."""

    index: int
    data: bytes
    """The bytes that were hashed."""
    leaf_hash: bytes
    subtrees: tuple[bytes, ...] = ()
    """Hashes of the subtrees of level 1 and up that it completed, if the store keeps them."""
    claimed_index: int | None = None
    """The index written inside ``data``, if one is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the entries from ``index`` up to, not including, ``until``."""

    kind: FindingKind
    index: int
    until: int
    message: str
    """In English, for logs; pages translate by ``kind``."""


def verify_entries(
    entries: Iterable[StoredEntry], head: TreeHead, checkpoints: Iterable[TreeHead] = ()
) -> Iterator[Finding]:
    """Check stored entries, in their stored order, against the stored head and known checkpoints.

    ``checkpoints``: heads whose signatures the caller has verified, in any order. Findings come as they are
    met, so a caller may stop at the first or after a hundred.
    """
    tree = _Tree()
    heads = _Heads(head, checkpoints)
    shifted = _Shifted()
    yield from heads.compare(tree)
    for entry in entries:
        if entry.index < tree.size:
            yield _finding(
                "out_of_place", entry.index, entry.index + 1, f"comes again after entry {tree.size - 1}"
            )
            continue
        if entry.index > tree.size:
            yield _finding("removed", tree.size, entry.index, "missing")
            for size in heads.sizes_before(entry.index):
                tree.skip_to(size)
                yield from heads.compare(tree)
            tree.skip_to(entry.index)
            yield from heads.compare(tree)
        if leaf_hash(entry.data) != entry.leaf_hash:
            yield _finding(
                "edited", entry.index, entry.index + 1, "the content does not give the hash stored with it"
            )
        if entry.claimed_index is not None:
            yield from shifted.see(entry.index, entry.claimed_index)
        yield from tree.append(entry)
        if tree.size == heads.next_size:
            yield from heads.compare(tree)
    yield from shifted.close()
    yield from heads.close(tree.size)


class _Tree:
    """The frontier, where a hash is None when missing entries keep it unknown."""

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes | None] = []

    def append(self, entry: StoredEntry) -> Iterator[Finding]:
        rest, level = self.size, 0
        node: bytes | None = entry.leaf_hash
        stored = entry.subtrees
        expected = (rest ^ (rest + 1)).bit_length() - 1
        if stored and len(stored) != expected:
            message = f"{len(stored)} subtree hashes stored with it, where {expected} belong"
            yield _finding("subtrees", rest, rest + 1, message)
            stored = ()
        while rest & 1:
            left = self._hashes.pop()
            node = None if left is None or node is None else node_hash(left, node)
            if stored:
                if node is not None and node != stored[level]:
                    start = (rest >> 1) << (level + 1)
                    message = "not what the subtree hash stored over them was made of"
                    yield _finding("rewritten", start, self.size + 1, message)
                # Believing the stored hash keeps one wrong entry from spoiling all that follows.
                node = stored[level]
            rest >>= 1
            level += 1
        self._hashes.append(node)
        self.size += 1

    def skip_to(self, size: int) -> None:
        """Append unknown entries, in O(log size) steps."""
        while self.size < size:
            level = (size - self.size).bit_length() - 1
            if self.size:
                level = min(level, (self.size & -self.size).bit_length() - 1)
            rest = self.size >> level
            while rest & 1:
                self._hashes.pop()
                rest >>= 1
            self._hashes.append(None)
            self.size += 1 << level

    def root(self) -> bytes | None:
        if not self._hashes:
            return EMPTY_ROOT
        node = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            node = None if left is None or node is None else node_hash(left, node)
        return node


class _Heads:
    """The heads still to be met, and how far the entries agree with them."""

    def __init__(self, head: TreeHead, checkpoints: Iterable[TreeHead]) -> None:
        self._head = head
        # Last first, so that the next one is popped; at one size the checkpoints come before the stored head.
        known = [(point.size, 0, point) for point in checkpoints]
        self._waiting = sorted([*known, (head.size, 1, head)], key=lambda item: item[:2], reverse=True)
        self._largest = self._waiting[0][0]
        self._agreed = 0
        self._vouched = -1
        self._disagreed = False
        self._unknown = False

    @property
    def next_size(self) -> int:
        return self._waiting[-1][0] if self._waiting else -1

    def sizes_before(self, index: int) -> Iterator[int]:
        while 0 <= self.next_size < index:
            yield self.next_size

    def compare(self, tree: _Tree) -> Iterator[Finding]:
        if self.next_size != tree.size:
            return
        root = tree.root()
        while self.next_size == tree.size:
            _, is_stored_head, head = self._waiting.pop()
            if root == head.root:
                self._agreed = tree.size
                self._vouched = max(self._vouched, tree.size if not is_stored_head else -1)
            elif is_stored_head and self._vouched == tree.size:
                yield _finding("head", tree.size, tree.size, "the stored head is not that of the checkpoint")
            elif root is None:
                if not self._unknown:
                    message = f"the head of {tree.size} entries cannot be compared while entries are missing"
                    yield _finding("unchecked", self._agreed, tree.size, message)
                self._unknown = True
            elif not self._disagreed:
                message = (
                    f"not what the head of {tree.size} entries was made of; later heads are not compared"
                )
                yield _finding("rewritten", self._agreed, tree.size, message)
                self._disagreed = True

    def close(self, size: int) -> Iterator[Finding]:
        if size < self._largest:
            yield _finding("truncated", size, self._largest, f"the log ends after {size} entries")
            if self._agreed < size and not (self._disagreed or self._unknown):
                message = "no head is left to compare them with: one may be missing here, the rest renumbered"
                yield _finding("unchecked", self._agreed, size, message)
        if size > self._head.size:
            yield _finding("unrecorded", self._head.size, size, "beyond the stored head")


class _Shifted:
    """Joins adjoining entries that claim to be equally far from where they stand into one finding."""

    def __init__(self) -> None:
        self._start = self._end = self._shift = 0

    def see(self, index: int, claimed: int) -> Iterator[Finding]:
        shift = claimed - index
        if shift and shift == self._shift and index == self._end:
            self._end += 1
            return
        yield from self.close()
        self._start, self._end, self._shift = index, index + 1, shift

    def close(self) -> Iterator[Finding]:
        if self._shift:
            message = f"written as {_name(self._start + self._shift, self._end + self._shift)}"
            yield _finding("moved", self._start, self._end, message)
        self._shift = 0


def _finding(kind: FindingKind, index: int, until: int, message: str) -> Finding:
    return Finding(kind, index, until, f"{_name(index, until)}: {message}")


def _name(index: int, until: int) -> str:
    if until <= index:
        return f"size {index}"
    return f"entry {index}" if until == index + 1 else f"entries {index} to {until - 1}"
