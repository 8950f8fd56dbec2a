"""Speed of the ledger's Merkle engine beside pymerkle (GPL-3; a development dependency only), in one run; and how
many tamperings, drawn at random, are found.

    python bench/ledger.py [--entries 100000] [--tamperings 10000] [--json]

Both hash the same entries with SHA-256 on one core and must end at the same root. pymerkle keeps its tree in
memory; ours keeps a frontier, and here the subtree hashes that proofs are made of.
"""

import argparse
import gc
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from pymerkle import InmemoryTree
from pymerkle import verify_inclusion as pymerkle_verify_inclusion

from machi.base.engine import offline
from machi.base.engine.canonical import canonical_json
from machi.base.engine.checkpoint import Checkpoint, Signer, sign_checkpoint
from machi.base.engine.merkle import Frontier, Subtree, leaf_hash
from machi.base.engine.proof import prove_inclusion, verify_inclusion
from machi.base.engine.verify import StoredEntry, verify_entries

PROOFS = 2000


def ledger_body(index: int) -> dict[str, object]:
    """An entry of the size that an answered inquiry leaves (about 700 bytes)."""
    return {
        "index": index,
        "at": "2025-11-22T10:00:00+09:00",
        "municipality": "142123",
        "system": "frontdesk.answer",
        "version": "1.0",
        "subject": f"inquiry:{index}",
        "inputs": {"question": f"{index:064x}"},
        "outputs": {"answer": f"{index:064x}", "confidence": 0.8234},
        "sources": [{"source": f"page:{i}", "version": f"{i:064x}"} for i in range(4)],
    }


def rate(count: int, work: Callable[[], object]) -> float:
    gc.collect()
    start = perf_counter()
    work()
    return count / (perf_counter() - start)


def measure(entries: int) -> dict[str, float]:
    bodies = [ledger_body(index) for index in range(entries)]
    written: list[bytes] = []
    canonical = rate(entries, lambda: written.extend(map(canonical_json, bodies)))

    stored: list[StoredEntry] = []
    roots: list[bytes] = []

    def append() -> None:
        frontier = Frontier()
        for index, data in enumerate(written):
            frontier, completed = frontier.append(leaf_hash(data))
            stored.append(StoredEntry(index, data, completed[0], completed[1:], index))
        roots.append(frontier.root())

    def append_with_root() -> None:
        frontier = Frontier()
        for data in written:
            frontier, _ = frontier.append(leaf_hash(data))
            frontier.root()

    def read(wanted: Sequence[Subtree]) -> list[bytes]:
        rows = ((stored[subtree.completed_by], subtree.level) for subtree in wanted)
        return [row.subtrees[level - 1] if level else row.leaf_hash for row, level in rows]

    tree = InmemoryTree("sha256")
    ours_append = rate(entries, append)
    theirs_append = rate(entries, lambda: tree.append_entries(written))
    assert roots == [tree.get_root()], "the two engines disagree"

    frontier = Frontier.read(entries, read)
    findings: list[object] = []
    ours_verify = rate(entries, lambda: findings.extend(verify_entries(stored, frontier.head())))
    assert not findings
    # pymerkle has no verification of a store; rebuilding the tree and comparing the root is the nearest
    theirs_verify = rate(entries, lambda: InmemoryTree.init_from_entries(written).get_root() == roots[0])

    asked = random.Random(9162).choices(range(entries), k=PROOFS)
    head = frontier.head()
    ours = [prove_inclusion(index, entries, read) for index in asked]
    theirs = [tree.prove_inclusion(index + 1) for index in asked]
    assert all(
        [stored[p.leaf_index].leaf_hash, *p.inclusion_path] == q.path
        for p, q in zip(ours, theirs, strict=True)
    )

    def verify_ours() -> None:
        assert all(verify_inclusion(proof, stored[proof.leaf_index].leaf_hash, head) for proof in ours)

    def verify_theirs() -> None:
        for index, proof in zip(asked, theirs, strict=True):
            pymerkle_verify_inclusion(
                stored[index].leaf_hash, head.root, proof, index=index + 1, size=entries
            )

    return {
        "entries": entries,
        "canonical_json_per_s": canonical,
        "append_per_s": ours_append,
        "append_with_root_per_s": rate(entries, append_with_root),
        "append_per_s_pymerkle": theirs_append,
        "verify_entries_per_s": ours_verify,
        "rebuild_entries_per_s_pymerkle": theirs_verify,
        "inclusion_proofs_per_s": rate(PROOFS, lambda: [prove_inclusion(i, entries, read) for i in asked]),
        "inclusion_proofs_per_s_pymerkle": rate(PROOFS, lambda: [tree.prove_inclusion(i + 1) for i in asked]),
        "proof_verifications_per_s": rate(PROOFS, verify_ours),
        "proof_verifications_per_s_pymerkle": rate(PROOFS, verify_theirs),
    }


def measure_offline(entries: int) -> dict[str, float]:
    """The verifier that stands alone reads a log of this size; one signature is made or verified an entry stored."""
    signer = Signer("machi", bytes(range(32)))
    written = [canonical_json(ledger_body(index)) for index in range(entries)]
    frontier = Frontier()
    for data in written:
        frontier, _ = frontier.append(leaf_hash(data))
    head = Checkpoint("machi/ledger/142123", frontier.head())
    heads = {
        "format": offline.HEADS,
        "origin": head.origin,
        "key": signer.verifier.encode(),
        "heads": [{"month": "", "note": sign_checkpoint(head, signer), "consistency": None}],
    }
    read = rate(entries, lambda: offline.check_log((data + b"\n" for data in written), heads))
    signed = rate(PROOFS, lambda: [sign_checkpoint(head, signer) for _ in range(PROOFS)])
    return {"offline_entries_per_s": read, "heads_signed_per_s": signed}


def measure_tamperings(trials: int) -> dict[str, dict[str, int]]:
    """Half of them on a log of 24 entries, the rest on sizes around powers of two."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.base.engine.tampering import a_log, count

    total: dict[str, dict[str, int]] = {"store": {}, "files": {}}
    for size, share in ((24, 2), (2, 16), (7, 16), (8, 16), (9, 16), (33, 4)):
        for where, kinds in count(a_log(size=size, seed=size), trials // share, seed=size).items():
            for kind, number in kinds.items():
                total[where][kind] = total[where].get(kind, 0) + number
    return total


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--tamperings", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    result = measure(arguments.entries) | measure_offline(arguments.entries)
    tampered = measure_tamperings(arguments.tamperings)
    if arguments.json:
        print(json.dumps({**result, "tamperings": tampered}))
        return
    for name, value in result.items():
        print(f"{name:<36}{value:>14,.0f}")
    for where, kinds in tampered.items():
        missed = kinds.pop("missed")
        print(
            f"\ntamperings with the {where}: {sum(kinds.values()):,}, found {sum(kinds.values()) - missed:,}"
        )
        for kind, number in sorted(kinds.items()):
            print(f"  {kind:<42}{number:>8,}")


if __name__ == "__main__":
    main()
