"""Proofs over a Merkle log: made from stored hashes, written as JSON, verified as RFC 9162 says.

Verifying needs nothing but the proof and the tree heads, so an auditor can do it far from the log. The JSON
names are those of RFC 9162's ``InclusionProofDataV2`` and ``ConsistencyProofDataV2``; hashes are base64.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from machi.base.engine.merkle import (
    HASH_SIZE,
    HashReader,
    TreeHead,
    consistency_ranges,
    inclusion_ranges,
    node_hash,
    range_hashes,
)

_LARGEST_SIZE = (1 << 63) - 1
"""Sizes above are refused on parsing: no store of ours can count further."""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That one entry stands at ``leaf_index`` in the tree of ``tree_size`` entries."""

    leaf_index: int
    tree_size: int
    inclusion_path: tuple[bytes, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "leaf_index": self.leaf_index,
            "tree_size": self.tree_size,
            "inclusion_path": _encode(self.inclusion_path),
        }

    @classmethod
    def from_json(cls, value: object) -> InclusionProof:
        """Read a parsed JSON value. ValueError says which member is missing, unknown or malformed."""
        members = _members(value, ("leaf_index", "tree_size", "inclusion_path"))
        return cls(
            leaf_index=_whole_number(members, "leaf_index"),
            tree_size=_whole_number(members, "tree_size"),
            inclusion_path=_hashes(members, "inclusion_path"),
        )


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the first ``tree_size_1`` of ``tree_size_2`` entries are those of the earlier tree."""

    tree_size_1: int
    tree_size_2: int
    consistency_path: tuple[bytes, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "tree_size_1": self.tree_size_1,
            "tree_size_2": self.tree_size_2,
            "consistency_path": _encode(self.consistency_path),
        }

    @classmethod
    def from_json(cls, value: object) -> ConsistencyProof:
        """Read a parsed JSON value. ValueError says which member is missing, unknown or malformed."""
        members = _members(value, ("tree_size_1", "tree_size_2", "consistency_path"))
        return cls(
            tree_size_1=_whole_number(members, "tree_size_1"),
            tree_size_2=_whole_number(members, "tree_size_2"),
            consistency_path=_hashes(members, "consistency_path"),
        )


def prove_inclusion(leaf_index: int, tree_size: int, read: HashReader) -> InclusionProof:
    """PATH(m, D[n]) of section 2.1.3.1. ValueError where the tree has no such entry."""
    path = range_hashes(inclusion_ranges(leaf_index, tree_size), read)
    return InclusionProof(leaf_index, tree_size, path)


def prove_consistency(tree_size_1: int, tree_size_2: int, read: HashReader) -> ConsistencyProof:
    """PROOF(m, D[n]) of section 2.1.4.1; empty where the sizes are equal.

    ValueError unless 0 < ``tree_size_1`` <= ``tree_size_2``: every log is consistent with the empty one, so
    there is nothing to prove.
    """
    path = range_hashes(consistency_ranges(tree_size_1, tree_size_2), read)
    return ConsistencyProof(tree_size_1, tree_size_2, path)


def verify_inclusion(proof: InclusionProof, leaf: bytes, head: TreeHead) -> bool:
    """Section 2.1.3.2: does the proof lead from this leaf hash to this tree head?"""
    if proof.tree_size != head.size or not 0 <= proof.leaf_index < proof.tree_size:
        return False
    fn, sn = proof.leaf_index, proof.tree_size - 1
    r = leaf
    for p in proof.inclusion_path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            r = node_hash(r, p)
        fn >>= 1
        sn >>= 1
    return sn == 0 and r == head.root


def verify_consistency(proof: ConsistencyProof, first: TreeHead, second: TreeHead) -> bool:
    """Section 2.1.4.2: is the second tree the first one with entries appended?

    For equal sizes the proof must be empty and the roots equal (the RFC's algorithm begins at first < second).
    """
    if (proof.tree_size_1, proof.tree_size_2) != (first.size, second.size):
        return False
    if not 0 < first.size <= second.size:
        return False
    if first.size == second.size:
        return not proof.consistency_path and first.root == second.root
    path = list(proof.consistency_path)
    if not path:
        return False
    if first.size & (first.size - 1) == 0:
        path.insert(0, first.root)
    fn, sn = first.size - 1, second.size - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr = node_hash(c, fr)
            sr = node_hash(c, sr)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            sr = node_hash(sr, c)
        fn >>= 1
        sn >>= 1
    return fr == first.root and sr == second.root and sn == 0


def _encode(hashes: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(value).decode("ascii") for value in hashes]


def _members(value: object, names: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"a proof is a JSON object, not {type(value).__name__}")
    if missing := [name for name in names if name not in value]:
        raise ValueError(f"the proof lacks {', '.join(missing)}")
    if unknown := [str(name) for name in value if name not in names]:
        raise ValueError(f"the proof has unknown members: {', '.join(unknown)}")
    return value


def _whole_number(members: Mapping[str, object], name: str) -> int:
    value = members[name]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_SIZE:
        raise ValueError(f"{name} must be a whole number from 0 to {_LARGEST_SIZE}")
    return value


def _hashes(members: Mapping[str, object], name: str) -> tuple[bytes, ...]:
    value = members[name]
    if not isinstance(value, list):
        raise ValueError(f"{name} must be an array")
    return tuple(_hash(item, f"{name}[{place}]") for place, item in enumerate(value))


def _hash(item: object, what: str) -> bytes:
    try:
        decoded = base64.b64decode(item, validate=True) if isinstance(item, str) else b""
    except (binascii.Error, ValueError):
        decoded = b""
    # Re-encoding refuses a second spelling of the same bytes.
    if len(decoded) != HASH_SIZE or base64.b64encode(decoded).decode("ascii") != item:
        raise ValueError(f"{what} is not the base64 of {HASH_SIZE} bytes")
    return decoded
