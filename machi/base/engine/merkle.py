"""Merkle log as RFC 9162 section 2.1 has it, with SHA-256.

A log of ``n`` entries is known by its *tree head*: ``n`` and the Merkle Tree Hash (MTH) of the entries.
Nothing here holds the whole log. Appending needs only the *frontier* (the at most log2 n complete subtrees
that the tree is made of). Proofs need at most 2 log2 n hashes of complete subtrees, asked for in one call of
a ``HashReader``: whoever stores, beside entry ``i``, the hashes that ``Frontier.append`` completed there can
answer it, since every complete subtree is completed by exactly one entry.

All hashes are 32 bytes. Indices count from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
"""MTH of the empty list (section 2.1.1)."""


@dataclass(frozen=True, slots=True)
class Subtree:
    """The complete subtree over leaves ``index << level`` up to, not including, ``(index + 1) << level``."""

    level: int
    index: int

    @property
    def start(self) -> int:
        return self.index << self.level

    @property
    def completed_by(self) -> int:
        """Index of its last leaf: ``Frontier.append`` of that leaf returned this hash at place ``level``."""
        return ((self.index + 1) << self.level) - 1


HashReader = Callable[[Sequence[Subtree]], Sequence[bytes]]
"""Returns the hashes of the subtrees asked for, in their order."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a log of ``size`` entries hashes to."""

    size: int
    root: bytes

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError(f"tree size {self.size} is negative")
        _check_hash(self.root, "root")


def leaf_hash(data: bytes) -> bytes:
    """Hash of one entry: SHA-256(0x00 || data) (section 2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right) (section 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def merkle_tree_hash(leaf_hashes: Iterable[bytes]) -> bytes:
    """MTH of entries given by their leaf hashes (section 2.1.1), in one pass and O(log n) memory."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier, _ = frontier.append(leaf)
    return frontier.root()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that appending needs: ``hashes`` of the complete subtrees from left (largest) to right.

    There is one for each 1 in the binary digits of ``size``, of that digit's weight.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"{len(self.hashes)} subtree hashes cannot make a tree of {self.size} leaves")

    @classmethod
    def read(cls, size: int, read: HashReader) -> Frontier:
        """The frontier of the first ``size`` leaves, from stored subtree hashes."""
        return cls(size, tuple(_read(read, complete_subtrees(0, size))))

    def append(self, leaf: bytes) -> tuple[Frontier, tuple[bytes, ...]]:
        """Add a leaf hash in O(log n) hashing (amortised one node a leaf).

        Returns the new frontier and the hashes of the subtrees that this leaf completed: place ``k`` is that
        of ``Subtree(k, size >> k)``, so place 0 is the leaf itself. There are 1 + (trailing ones of ``size``).
        """
        _check_hash(leaf, "leaf hash")
        completed = [leaf]
        kept = len(self.hashes)
        rest = self.size
        while rest & 1:  # as in adding 1: each trailing one is a subtree that now gets its right sibling
            kept -= 1
            completed.append(node_hash(self.hashes[kept], completed[-1]))
            rest >>= 1
        return Frontier(self.size + 1, (*self.hashes[:kept], completed[-1])), tuple(completed)

    def root(self) -> bytes:
        """MTH of the leaves so far."""
        return _join(self.hashes) if self.hashes else EMPTY_ROOT

    def head(self) -> TreeHead:
        return TreeHead(self.size, self.root())


def complete_subtrees(start: int, end: int) -> list[Subtree]:
    """The complete subtrees, from left to right, that MTH(D[start:end]) is joined from.

    ``start`` must be aligned as the ranges of RFC 9162 are: a multiple of the power of two that reaches
    ``end - start``. ValueError otherwise.
    """
    width = end - start
    if start < 0 or width < 0 or (width and start % (1 << (width - 1).bit_length())):
        raise ValueError(f"leaves {start} to {end} are not a node of a Merkle tree")
    subtrees = []
    for level in reversed(range(width.bit_length())):
        if width >> level & 1:
            subtrees.append(Subtree(level, start >> level))
            start += 1 << level
    return subtrees


def inclusion_ranges(leaf_index: int, tree_size: int) -> list[tuple[int, int]]:
    """The leaf ranges whose MTHs are PATH(m, D[n]), from the leaf upward (section 2.1.3.1)."""
    if not 0 <= leaf_index < tree_size:
        raise ValueError(f"a log of {tree_size} entries has no entry {leaf_index}")
    ranges = []
    start, end = 0, tree_size
    while end - start > 1:
        middle = start + _largest_power_of_two_below(end - start)
        if leaf_index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(tree_size_1: int, tree_size_2: int) -> list[tuple[int, int]]:
    """The leaf ranges whose MTHs are PROOF(m, D[n]) for 0 < m <= n, in its order (section 2.1.4.1)."""
    if not 0 < tree_size_1 <= tree_size_2:
        raise ValueError(f"no consistency proof leads from {tree_size_1} entries to {tree_size_2}")
    ranges = []
    start, end = 0, tree_size_2
    while tree_size_1 != end:
        middle = start + _largest_power_of_two_below(end - start)
        if tree_size_1 <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # the old tree itself is known to the verifier; a part of it is not
        ranges.append((start, end))
    return ranges[::-1]


def range_hashes(ranges: Sequence[tuple[int, int]], read: HashReader) -> tuple[bytes, ...]:
    """MTH of each leaf range, from stored subtree hashes read in one call."""
    parts = [complete_subtrees(start, end) for start, end in ranges]
    hashes = iter(_read(read, [subtree for part in parts for subtree in part]))
    return tuple(_join([next(hashes) for _ in part]) for part in parts)


class LeafHashes:
    """A ``HashReader`` over leaf hashes held in memory, for small logs and tests: O(n) per proof."""

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        self._leaves = leaf_hashes

    def __call__(self, subtrees: Sequence[Subtree]) -> list[bytes]:
        return [merkle_tree_hash(self._leaves[s.start : s.completed_by + 1]) for s in subtrees]


def _join(hashes: Sequence[bytes]) -> bytes:
    """MTH of adjoining complete subtrees of falling size: folded from the right."""
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result


def _read(read: HashReader, subtrees: Sequence[Subtree]) -> Sequence[bytes]:
    hashes = read(subtrees)
    if len(hashes) != len(subtrees):
        raise ValueError(f"asked for {len(subtrees)} subtree hashes, got {len(hashes)}")
    for subtree, value in zip(subtrees, hashes, strict=True):
        _check_hash(value, f"hash of subtree {subtree.level}/{subtree.index}")
    return hashes


def _check_hash(value: bytes, what: str) -> None:
    if len(value) != HASH_SIZE:
        raise ValueError(f"{what} is {len(value)} bytes long, not {HASH_SIZE}")


def _largest_power_of_two_below(n: int) -> int:
    """The ``k`` of section 2.1.1: k < n <= 2k."""
    return 1 << ((n - 1).bit_length() - 1)
