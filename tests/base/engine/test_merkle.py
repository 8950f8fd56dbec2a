"""The published vectors of Certificate Transparency, and pymerkle (GPL-3, tests only) as the oracle."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from machi.base.engine.merkle import (
    EMPTY_ROOT,
    Frontier,
    LeafHashes,
    Subtree,
    TreeHead,
    complete_subtrees,
    inclusion_ranges,
    leaf_hash,
    merkle_tree_hash,
    node_hash,
)

# Inputs and roots of the trees of 1 to 8 leaves in the reference tests of RFC 6962 (RFC 9162 hashes alike).
LEAVES = [bytes.fromhex(h) for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes(range(0x60, 0x70)))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_empty_root_is_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle_tree_hash([]) == EMPTY_ROOT
    assert Frontier().head() == TreeHead(0, EMPTY_ROOT)


@pytest.mark.parametrize("size", range(1, 9))
def test_merkle_tree_hash_is_the_published_root(size: int) -> None:
    assert merkle_tree_hash(map(leaf_hash, LEAVES[:size])).hex() == ROOTS[size - 1]


def test_leaf_and_node_hashes_are_kept_apart() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(b"a") == sha256(b"\x00a").digest()
    assert node_hash(left, right) == sha256(b"\x01" + left + right).digest()
    assert leaf_hash(left + right) != node_hash(left, right)


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_frontier_has_the_root_of_pymerkle_after_every_append(entries: list[bytes]) -> None:
    tree = InmemoryTree("sha256")
    frontier = Frontier()
    for size, data in enumerate(entries, 1):
        tree.append_entry(data)
        frontier, _ = frontier.append(leaf_hash(data))
        assert frontier.head() == TreeHead(size, tree.get_root())


@given(st.integers(0, 300))
def test_append_returns_each_complete_subtree_exactly_once(size: int) -> None:
    leaves = [leaf_hash(str(i).encode()) for i in range(size)]
    frontier = Frontier()
    stored: dict[Subtree, bytes] = {}
    for index, leaf in enumerate(leaves):
        frontier, completed = frontier.append(leaf)
        for level, value in enumerate(completed):
            subtree = Subtree(level, index >> level)
            assert subtree.completed_by == index
            assert subtree not in stored
            stored[subtree] = value
    for subtree, value in stored.items():
        assert value == merkle_tree_hash(leaves[subtree.start : subtree.completed_by + 1])
    assert len(stored) == sum(size >> level for level in range(size.bit_length()))
    assert Frontier.read(size, lambda wanted: [stored[s] for s in wanted]) == frontier


def test_append_hashes_a_million_leaf_log_in_twenty_steps() -> None:
    size = (1 << 20) - 1
    full = Frontier(size, tuple(leaf_hash(bytes([i])) for i in range(20)))
    after, completed = full.append(leaf_hash(b"one more"))
    assert (after.size, len(after.hashes), len(completed)) == (1 << 20, 1, 21)
    assert after.root() == completed[-1]


def test_complete_subtrees_refuses_ranges_that_are_no_node() -> None:
    assert complete_subtrees(4, 7) == [Subtree(1, 2), Subtree(0, 6)]
    assert complete_subtrees(5, 5) == []
    for start, end in ((1, 3), (2, 5), (-2, 0), (3, 2)):
        with pytest.raises(ValueError, match="not a node"):
            complete_subtrees(start, end)


def test_frontier_refuses_hashes_that_do_not_fit_its_size() -> None:
    with pytest.raises(ValueError, match="1 subtree hashes cannot make a tree of 3 leaves"):
        Frontier(3, (bytes(32),))
    with pytest.raises(ValueError, match="leaf hash is 3 bytes long, not 32"):
        Frontier().append(b"abc")
    with pytest.raises(ValueError, match="asked for 2 subtree hashes, got 1"):
        Frontier.read(3, lambda wanted: [bytes(32)])
    with pytest.raises(ValueError, match="hash of subtree 0/0 is 2 bytes long"):
        Frontier.read(1, lambda wanted: [b"ab"])


def test_tree_head_refuses_what_is_none() -> None:
    with pytest.raises(ValueError, match="negative"):
        TreeHead(-1, EMPTY_ROOT)
    with pytest.raises(ValueError, match="root is 31 bytes long"):
        TreeHead(1, bytes(31))


def test_leaf_hashes_answers_as_stored_subtrees_do() -> None:
    leaves = [leaf_hash(data) for data in LEAVES]
    assert [h.hex() for h in LeafHashes(leaves)([Subtree(3, 0), Subtree(2, 0)])] == [ROOTS[7], ROOTS[3]]
    assert inclusion_ranges(5, 8) == [(4, 5), (6, 8), (0, 4)]
