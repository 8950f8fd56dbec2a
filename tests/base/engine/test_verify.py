"""Every tampering with a stored ledger is found, and named as exactly as the store allows."""

import random
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from machi.base.engine.canonical import canonical_json
from machi.base.engine.merkle import EMPTY_ROOT, Frontier, TreeHead, leaf_hash
from machi.base.engine.verify import Finding, StoredEntry, verify_entries


class Store:
    """What a database holds: the entries, the head, and the heads that were signed on the way."""

    def __init__(self, size: int, *, subtrees: bool = True, claimed: bool = True, every: int = 10) -> None:
        self.entries: list[StoredEntry] = []
        self.checkpoints: list[TreeHead] = []
        frontier = Frontier()
        for index in range(size):
            data = canonical_json({"index": index, "subject": f"inquiry:{index}"})
            frontier, completed = frontier.append(leaf_hash(data))
            self.entries.append(
                StoredEntry(
                    index, data, completed[0], completed[1:] if subtrees else (), index if claimed else None
                )
            )
            if frontier.size % every == 0:
                self.checkpoints.append(frontier.head())
        self.head = frontier.head()

    def findings(self) -> list[Finding]:
        return list(verify_entries(self.entries, self.head, self.checkpoints))

    def kinds(self) -> list[tuple[str, int, int]]:
        return [(f.kind, f.index, f.until) for f in self.findings()]

    def renumber(self) -> None:
        self.entries = [replace(entry, index=place) for place, entry in enumerate(self.entries)]

    def rewrite(self, index: int) -> None:
        """Change an entry together with its leaf hash."""
        data = canonical_json({"index": index, "subject": "forged"})
        self.entries[index] = replace(self.entries[index], data=data, leaf_hash=leaf_hash(data))

    def rehash(self) -> None:
        """Make every stored hash and the head fit the entries as they now are: only checkpoints can tell."""
        frontier = Frontier()
        for place, entry in enumerate(self.entries):
            frontier, completed = frontier.append(leaf_hash(entry.data))
            self.entries[place] = StoredEntry(place, entry.data, completed[0], completed[1:], place)
        self.head = frontier.head()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 64, 100])
@pytest.mark.parametrize("subtrees", [True, False])
@pytest.mark.parametrize("claimed", [True, False])
def test_an_untouched_ledger_has_no_finding(size: int, subtrees: bool, claimed: bool) -> None:
    store = Store(size, subtrees=subtrees, claimed=claimed, every=3)
    assert store.findings() == []
    assert list(verify_entries(iter(store.entries), store.head, reversed(store.checkpoints))) == []


def test_an_edit_names_the_entry() -> None:
    store = Store(100)
    store.entries[37] = replace(store.entries[37], data=b"{}")
    assert store.findings() == [
        Finding("edited", 37, 38, "entry 37: the content does not give the hash stored with it")
    ]


def test_an_edit_with_its_leaf_hash_names_the_pair() -> None:
    store = Store(100)
    store.rewrite(37)
    assert store.findings() == [
        Finding(
            "rewritten", 36, 38, "entries 36 to 37: not what the subtree hash stored over them was made of"
        )
    ]


def test_without_subtree_hashes_a_rewriting_is_named_between_two_checkpoints() -> None:
    store = Store(100, subtrees=False)
    store.rewrite(37)
    assert store.kinds() == [("rewritten", 30, 40)]


def test_a_store_rewritten_as_a_whole_is_found_by_the_checkpoints() -> None:
    store = Store(100)
    store.rewrite(37)
    store.rehash()
    assert store.kinds() == [("rewritten", 30, 40)]
    assert list(verify_entries(store.entries, store.head)) == []  # nobody could tell without a checkpoint


def test_a_removal_names_the_missing_entries_and_nothing_else() -> None:
    store = Store(100)
    del store.entries[40:43]
    assert store.kinds() == [("removed", 40, 43)]


def test_a_removal_without_subtree_hashes_says_what_cannot_be_checked() -> None:
    store = Store(100, subtrees=False)
    del store.entries[45]
    assert store.kinds() == [("removed", 45, 46), ("unchecked", 40, 50)]


def test_a_removal_with_renumbering_tells_where_it_begins() -> None:
    store = Store(100)
    del store.entries[40]
    store.renumber()
    found = store.kinds()
    assert ("moved", 40, 99) in found
    assert ("truncated", 99, 100) in found
    assert min(index for _, index, _ in found) == 40


def test_a_removal_with_everything_rehashed_is_still_found() -> None:
    store = Store(100)
    del store.entries[40]
    store.rehash()
    assert store.kinds() == [("rewritten", 40, 50), ("truncated", 99, 100)]


def test_swapped_entries_are_both_named() -> None:
    store = Store(100)
    first, second = store.entries[20], store.entries[71]
    store.entries[20] = replace(second, index=20, subtrees=first.subtrees)
    store.entries[71] = replace(first, index=71, subtrees=second.subtrees)
    found = store.kinds()
    assert ("moved", 20, 21) in found
    assert ("moved", 71, 72) in found
    assert ("rewritten", 20, 22) in found
    assert ("rewritten", 70, 72) in found
    assert len(found) == 4


def test_entries_stored_out_of_order_are_named() -> None:
    store = Store(20)
    store.entries[4], store.entries[5] = store.entries[5], store.entries[4]
    assert store.kinds() == [("removed", 4, 5), ("out_of_place", 4, 5)]


def test_a_repeated_index_is_named() -> None:
    store = Store(20)
    store.entries.insert(8, replace(store.entries[7], data=b"{}", leaf_hash=leaf_hash(b"{}")))
    assert store.kinds() == [("out_of_place", 7, 8)]


def test_an_inserted_entry_with_renumbering_tells_where_it_begins() -> None:
    store = Store(100)
    data = canonical_json({"index": 40, "subject": "forged"})
    store.entries.insert(40, StoredEntry(40, data, leaf_hash(data), (), 40))
    store.renumber()
    found = store.kinds()
    assert ("moved", 41, 101) in found
    assert ("unrecorded", 100, 101) in found
    assert min(index for _, index, _ in found) == 40


def test_truncation_names_the_lost_tail() -> None:
    store = Store(100)
    del store.entries[93:]
    assert store.findings() == [
        Finding("truncated", 93, 100, "entries 93 to 99: the log ends after 93 entries"),
        Finding(
            "unchecked",
            90,
            93,
            "entries 90 to 92: no head is left to compare them with: one may be missing here, the rest renumbered",
        ),
    ]
    del store.entries[90:]
    assert store.kinds() == [("truncated", 90, 100)]


def test_truncation_after_a_rewriting_repeats_no_doubt() -> None:
    store = Store(100, subtrees=False)
    store.rewrite(37)
    del store.entries[93:]
    assert store.kinds() == [("rewritten", 30, 40), ("truncated", 93, 100)]


def test_truncation_with_the_head_set_back_is_told_by_the_checkpoint() -> None:
    store = Store(100)
    del store.entries[93:]
    store.head = Store(93).head
    assert store.kinds() == [("truncated", 93, 100)]  # the head, for what it is worth, agrees with the rest


def test_an_emptied_ledger_is_found() -> None:
    store = Store(30)
    store.entries.clear()
    assert store.kinds() == [("truncated", 0, 30)]
    store.head = TreeHead(0, EMPTY_ROOT)
    assert store.kinds() == [("truncated", 0, 30)]


def test_entries_beyond_the_head_are_named() -> None:
    store = Store(30)
    store.head = Store(28).head
    assert store.kinds() == [("unrecorded", 28, 30)]


def test_a_false_head_is_told_apart_where_a_checkpoint_stands_beside_it() -> None:
    store = Store(30)
    store.head = replace(store.head, root=bytes(32))
    assert store.kinds() == [("head", 30, 30)]
    store.checkpoints.pop()
    assert store.kinds() == [("rewritten", 20, 30)]


def test_a_false_head_of_an_empty_log_is_found() -> None:
    assert [f.kind for f in verify_entries([], TreeHead(0, bytes(32)))] == ["rewritten"]


def test_a_changed_subtree_hash_is_found() -> None:
    store = Store(100)
    entry = store.entries[39]
    store.entries[39] = replace(entry, subtrees=(bytes(32), *entry.subtrees[1:]))
    assert store.kinds() == [("rewritten", 38, 40), ("rewritten", 36, 40)]
    store.entries[39] = replace(entry, subtrees=entry.subtrees[:-1])
    assert store.kinds() == [("subtrees", 39, 40)]


def test_one_wrong_entry_does_not_hide_another() -> None:
    store = Store(100)
    store.rewrite(3)
    store.entries[50] = replace(store.entries[50], data=b"[]")
    del store.entries[70]
    store.entries[80] = replace(store.entries[80], leaf_hash=bytes(32))  # what was entry 81
    assert store.kinds() == [
        ("rewritten", 2, 4),
        ("edited", 50, 51),
        ("removed", 70, 71),
        ("edited", 81, 82),
        ("rewritten", 80, 82),
    ]


def test_a_gap_over_a_checkpoint_does_not_keep_later_heads_from_being_compared() -> None:
    store = Store(99)
    store.rewrite(98)  # the last leaf, which no subtree hash covers yet
    del store.entries[38:42]
    assert store.kinds() == [("removed", 38, 42), ("unchecked", 30, 40), ("rewritten", 90, 99)]


def test_moved_entries_are_joined_only_where_they_adjoin() -> None:
    store = Store(20)
    for index in (5, 6, 8, 9):
        store.entries[index] = replace(store.entries[index], claimed_index=index + 3)
    store.entries[7] = replace(store.entries[7], claimed_index=None)
    assert store.findings() == [
        Finding("moved", 5, 7, "entries 5 to 6: written as entries 8 to 9"),
        Finding("moved", 8, 10, "entries 8 to 9: written as entries 11 to 12"),
    ]


def test_a_wild_index_is_answered_at_once() -> None:
    store = Store(20)
    store.entries[12] = replace(store.entries[12], index=10**18)
    found = store.kinds()
    assert found[0] == ("removed", 12, 10**18)
    assert ("out_of_place", 13, 14) in found


# Each does one tampering at an entry, and returns the first index at which the log then differs.


def edited(store: Store, at: int, rng: random.Random) -> int:
    data = bytearray(store.entries[at].data)
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    store.entries[at] = replace(store.entries[at], data=bytes(data))
    return at


def rewritten(store: Store, at: int, rng: random.Random) -> int:
    store.rewrite(at)
    return at


def rehashed(store: Store, at: int, rng: random.Random) -> int:
    store.rewrite(at)
    store.rehash()
    return at


def removed(store: Store, at: int, rng: random.Random) -> int:
    del store.entries[at]
    return at


def removed_and_renumbered(store: Store, at: int, rng: random.Random) -> int:
    del store.entries[at]
    store.renumber()
    return at


def inserted(store: Store, at: int, rng: random.Random) -> int:
    data = rng.randbytes(20)
    store.entries.insert(at, StoredEntry(at, data, leaf_hash(data)))
    store.renumber()
    return at


def swapped(store: Store, at: int, rng: random.Random) -> int:
    other = rng.choice([i for i in range(len(store.entries)) if i != at])
    entries = store.entries
    entries[at], entries[other] = entries[other], entries[at]
    store.renumber()
    return min(at, other)


def truncated(store: Store, at: int, rng: random.Random) -> int:
    del store.entries[at:]
    return at


def leaf_changed(store: Store, at: int, rng: random.Random) -> int:
    store.entries[at] = replace(store.entries[at], leaf_hash=rng.randbytes(32))
    return at


TAMPERINGS: list[Callable[[Store, int, random.Random], int]] = [
    edited,
    rewritten,
    rehashed,
    removed,
    removed_and_renumbered,
    inserted,
    swapped,
    truncated,
    leaf_changed,
]


@pytest.mark.parametrize("tamper", TAMPERINGS)
@pytest.mark.parametrize("subtrees", [True, False])
@pytest.mark.parametrize("claimed", [True, False])
def test_every_random_tampering_is_found(
    tamper: Callable[[Store, int, random.Random], int], subtrees: bool, claimed: bool
) -> None:
    """9 kinds x 4 stores x 80 = 2,880 tamperings; each is found, and where it begins is in what is named."""
    rng = random.Random(f"{tamper.__name__} {subtrees} {claimed}")
    for _ in range(80):
        size = rng.randint(2, 60)
        store = Store(size, subtrees=subtrees, claimed=claimed, every=rng.choice([1, 4, 16]))
        store.checkpoints.append(store.head)
        first = tamper(store, rng.randrange(size), rng)
        found = store.findings()
        assert any(f.index <= first < f.until for f in found), (size, first, found)


@pytest.mark.parametrize("subtrees", [True, False])
def test_several_edits_at_once_are_all_named(subtrees: bool) -> None:
    rng = random.Random(2)
    for _ in range(100):
        store = Store(rng.randint(5, 60), subtrees=subtrees)
        spots = set(rng.sample(range(len(store.entries)), rng.randint(2, 5)))
        for at in spots:
            edited(store, at, rng)
        assert {f.index for f in store.findings() if f.kind == "edited"} == spots


def test_several_rewritings_are_each_within_a_named_range() -> None:
    rng = random.Random(3)
    for _ in range(100):
        store = Store(rng.randint(5, 60))
        spots = rng.sample(range(len(store.entries)), rng.randint(2, 5))
        for at in spots:
            store.rewrite(at)
        found = [f for f in store.findings() if f.kind == "rewritten"]
        for at in spots:
            assert any(f.index <= at < f.until for f in found), (len(store.entries), spots, found)


def test_verifying_needs_memory_for_the_frontier_only() -> None:
    size = 20_000

    def entries() -> Iterator[StoredEntry]:
        frontier = Frontier()
        for index in range(size):
            data = b"%d" % index
            frontier, completed = frontier.append(leaf_hash(data))
            yield StoredEntry(index, data, completed[0], completed[1:])

    frontier = Frontier()
    for index in range(size):
        frontier, _ = frontier.append(leaf_hash(b"%d" % index))
    tracemalloc.start()
    try:
        assert list(verify_entries(entries(), frontier.head())) == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50_000  # the entries themselves would take over 2 MB


@pytest.mark.parametrize("subtrees", [True, False])
def test_removals_alone_accuse_no_entry_that_is_left(subtrees: bool) -> None:
    rng = random.Random(4)
    for _ in range(300):
        store = Store(rng.randint(1, 70), subtrees=subtrees, every=rng.choice([1, 3, 8]))
        size = len(store.entries)
        gone = set(rng.sample(range(size), rng.randint(1, size)))
        store.entries = [entry for entry in store.entries if entry.index not in gone]
        found = store.findings()
        assert {f.kind for f in found} <= {"removed", "truncated", "unchecked"}
        missing = [i for f in found if f.kind in ("removed", "truncated") for i in range(f.index, f.until)]
        assert missing == sorted(gone)
