"""Proofs against the published vectors and pymerkle, and that a wrong proof never verifies."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from machi.base.engine.merkle import EMPTY_ROOT, LeafHashes, TreeHead, leaf_hash, merkle_tree_hash
from machi.base.engine.proof import (
    ConsistencyProof,
    InclusionProof,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [bytes.fromhex(h) for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes(range(0x60, 0x70)))
HASHES = [leaf_hash(data) for data in LEAVES]

A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
G = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
H = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
L0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
L01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"


def head(leaves: list[bytes], size: int) -> TreeHead:
    return TreeHead(size, merkle_tree_hash(leaves[:size]))


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, F]), (2, 3, [L01]), (1, 5, [L0, B, D])],
)
def test_inclusion_proof_is_the_published_one(index: int, size: int, path: list[str]) -> None:
    proof = prove_inclusion(index, size, LeafHashes(HASHES))
    assert proof == InclusionProof(index, size, tuple(map(bytes.fromhex, path)))
    assert verify_inclusion(proof, HASHES[index], head(HASHES, size))


@pytest.mark.parametrize(
    ("first", "second", "path"),
    [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [G, E, F]), (2, 5, [B, D]), (6, 7, [G, H, F])],
)
def test_consistency_proof_is_the_published_one(first: int, second: int, path: list[str]) -> None:
    proof = prove_consistency(first, second, LeafHashes(HASHES))
    assert proof == ConsistencyProof(first, second, tuple(map(bytes.fromhex, path)))
    assert verify_consistency(proof, head(HASHES, first), head(HASHES, second))


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[bytes], int, int]:
    """Entries, and two sizes 1 <= first <= second <= their number."""
    entries = draw(st.lists(st.binary(max_size=20), min_size=1, max_size=70))
    second = draw(st.integers(1, len(entries)))
    return entries, draw(st.integers(1, second)), second


def rfc_subproof(m: int, entries: list[bytes], old_is_known: bool) -> list[bytes]:
    """SUBPROOF as section 2.1.4.1 words it, over pymerkle's roots."""
    n = len(entries)
    if m == n:
        return [] if old_is_known else [root(entries)]
    k = 1
    while 2 * k < n:
        k *= 2
    if m <= k:
        return [*rfc_subproof(m, entries[:k], old_is_known), root(entries[k:])]
    return [*rfc_subproof(m - k, entries[k:], False), root(entries[:k])]


def root(entries: list[bytes]) -> bytes:
    value: bytes = InmemoryTree.init_from_entries(entries).get_root()
    return value


@given(trees())
def test_inclusion_proof_is_that_of_pymerkle(tree: tuple[list[bytes], int, int]) -> None:
    entries, first, second = tree
    leaves = [leaf_hash(data) for data in entries]
    proof = prove_inclusion(first - 1, second, LeafHashes(leaves))
    # pymerkle counts from 1, and its path begins with the leaf itself
    oracle = InmemoryTree.init_from_entries(entries).prove_inclusion(first, second)
    assert [leaves[first - 1], *proof.inclusion_path] == oracle.path


@given(trees())
def test_consistency_proof_is_that_of_the_rfc_s_recursion(tree: tuple[list[bytes], int, int]) -> None:
    """pymerkle takes the tree apart otherwise where the old size is a power of two, so it gives the roots only."""
    entries, first, second = tree
    proof = prove_consistency(first, second, LeafHashes([leaf_hash(data) for data in entries]))
    assert list(proof.consistency_path) == rfc_subproof(first, entries[:second], True)


@given(trees())
def test_every_proof_made_verifies_also_after_json(tree: tuple[list[bytes], int, int]) -> None:
    entries, first, second = tree
    leaves = [leaf_hash(data) for data in entries]
    later = head(leaves, second)

    inclusion = prove_inclusion(first - 1, second, LeafHashes(leaves))
    consistency = prove_consistency(first, second, LeafHashes(leaves))
    assert InclusionProof.from_json(json.loads(json.dumps(inclusion.to_json()))) == inclusion
    assert ConsistencyProof.from_json(json.loads(json.dumps(consistency.to_json()))) == consistency
    assert verify_inclusion(inclusion, leaves[first - 1], later)
    assert verify_consistency(consistency, head(leaves, first), later)


@given(trees(), st.data())
def test_a_changed_inclusion_proof_does_not_verify(
    tree: tuple[list[bytes], int, int], data: st.DataObject
) -> None:
    entries, first, second = tree
    leaves = [leaf_hash(b"%d-" % i + entry) for i, entry in enumerate(entries)]  # all different
    proof = prove_inclusion(first - 1, second, LeafHashes(leaves))
    later = head(leaves, second)
    path = proof.inclusion_path
    other = data.draw(st.binary(min_size=32, max_size=32))
    spot = data.draw(st.integers(0, len(path)))

    assert not verify_inclusion(
        replace(proof, inclusion_path=(*path[:spot], other, *path[spot:])), leaves[first - 1], later
    )
    assert not verify_inclusion(proof, other, later)
    assert not verify_inclusion(proof, leaves[first - 1], replace(later, root=other))
    assert not verify_inclusion(proof, leaves[first - 1], replace(later, size=second + 1))
    if spot < len(path):
        assert not verify_inclusion(
            replace(proof, inclusion_path=path[:spot] + path[spot + 1 :]), leaves[first - 1], later
        )
        assert not verify_inclusion(
            replace(proof, inclusion_path=(*path[:spot], other, *path[spot + 1 :])), leaves[first - 1], later
        )
    for index in {*range(second)} - {first - 1}:
        assert not verify_inclusion(replace(proof, leaf_index=index), leaves[first - 1], later)


@given(trees(), st.data())
def test_a_changed_consistency_proof_does_not_verify(
    tree: tuple[list[bytes], int, int], data: st.DataObject
) -> None:
    entries, first, second = tree
    leaves = [leaf_hash(b"%d-" % i + entry) for i, entry in enumerate(entries)]
    proof = prove_consistency(first, second, LeafHashes(leaves))
    old, new = head(leaves, first), head(leaves, second)
    path = proof.consistency_path
    other = data.draw(st.binary(min_size=32, max_size=32))
    spot = data.draw(st.integers(0, len(path)))

    assert not verify_consistency(
        replace(proof, consistency_path=(*path[:spot], other, *path[spot:])), old, new
    )
    assert not verify_consistency(proof, replace(old, root=other), new)
    assert not verify_consistency(proof, old, replace(new, root=other))
    assert not verify_consistency(proof, old, replace(new, size=second + 1))
    if spot < len(path):
        assert not verify_consistency(
            replace(proof, consistency_path=path[:spot] + path[spot + 1 :]), old, new
        )


def test_a_rewritten_log_has_no_consistency_proof() -> None:
    rewritten = [*HASHES[:3], leaf_hash(b"rewritten"), *HASHES[4:]]
    proof = prove_consistency(5, 8, LeafHashes(rewritten))
    assert verify_consistency(proof, head(rewritten, 5), head(rewritten, 8))
    assert not verify_consistency(proof, head(HASHES, 5), head(rewritten, 8))


def test_a_consistency_proof_does_not_stretch_to_a_deeper_tree() -> None:
    """A root does not say how many leaves it has: the length of the path must."""
    proof = prove_consistency(3, 4, LeafHashes(HASHES))
    old, new = head(HASHES, 3), head(HASHES, 4)
    assert verify_consistency(proof, old, new)
    assert not verify_consistency(replace(proof, tree_size_2=8), old, replace(new, size=8))


def test_proofs_of_what_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="a log of 8 entries has no entry 8"):
        prove_inclusion(8, 8, LeafHashes(HASHES))
    with pytest.raises(ValueError, match="no consistency proof leads from 0 entries to 8"):
        prove_consistency(0, 8, LeafHashes(HASHES))
    with pytest.raises(ValueError, match="no consistency proof leads from 8 entries to 7"):
        prove_consistency(8, 7, LeafHashes(HASHES))


def test_verification_refuses_sizes_that_cannot_be() -> None:
    empty = TreeHead(0, EMPTY_ROOT)
    assert not verify_inclusion(InclusionProof(0, 0, ()), HASHES[0], empty)
    assert not verify_inclusion(InclusionProof(-1, 8, ()), HASHES[0], head(HASHES, 8))
    assert not verify_consistency(ConsistencyProof(0, 8, ()), empty, head(HASHES, 8))
    assert not verify_consistency(ConsistencyProof(8, 2, ()), head(HASHES, 8), head(HASHES, 2))
    assert not verify_consistency(ConsistencyProof(2, 8, ()), head(HASHES, 2), head(HASHES, 8))


GOOD: dict[str, Any] = prove_inclusion(2, 3, LeafHashes(HASHES)).to_json()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "a proof is a JSON object, not list"),
        ({"leaf_index": 1}, "the proof lacks tree_size, inclusion_path"),
        ({**GOOD, "extra": 1, "more": 2}, "the proof has unknown members: extra, more"),
        ({**GOOD, "leaf_index": True}, "leaf_index must be a whole number"),
        ({**GOOD, "leaf_index": 1.0}, "leaf_index must be a whole number"),
        ({**GOOD, "tree_size": -1}, "tree_size must be a whole number"),
        ({**GOOD, "tree_size": 2**63}, "tree_size must be a whole number"),
        ({**GOOD, "inclusion_path": "abc"}, "inclusion_path must be an array"),
        (
            {**GOOD, "inclusion_path": [GOOD["inclusion_path"][0], "AAAA"]},
            r"inclusion_path\[1\] is not the base64",
        ),
        (
            {**GOOD, "inclusion_path": [GOOD["inclusion_path"][0][:-1]]},
            r"inclusion_path\[0\] is not the base64",
        ),
        (
            {**GOOD, "inclusion_path": [GOOD["inclusion_path"][0] + "\n"]},
            r"inclusion_path\[0\] is not the base64",
        ),
        ({**GOOD, "inclusion_path": ["あ" * 44]}, r"inclusion_path\[0\] is not the base64"),
        ({**GOOD, "inclusion_path": [7]}, r"inclusion_path\[0\] is not the base64"),
    ],
)
def test_from_json_says_what_is_wrong(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        InclusionProof.from_json(value)


def test_from_json_refuses_a_proof_of_the_other_kind() -> None:
    with pytest.raises(ValueError, match="the proof lacks tree_size_1"):
        ConsistencyProof.from_json(GOOD)
