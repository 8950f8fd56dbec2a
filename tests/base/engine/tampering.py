"""Tamperings with a ledger, drawn at random: with what the database holds, and with the files that go out of it.

Each is a true change of what it is done to (asserted), by somebody who can write everything but lacks the signing
key. ``bench/ledger.py`` and ``test_tampering.py`` count how many are found: all must be.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from machi.base.engine import offline
from machi.base.engine.canonical import canonical_json
from machi.base.engine.checkpoint import (
    Checkpoint,
    CheckpointError,
    Signer,
    open_checkpoint,
    sign_checkpoint,
    sign_note,
)
from machi.base.engine.merkle import Frontier, LeafHashes, TreeHead, leaf_hash
from machi.base.engine.proof import prove_consistency, prove_inclusion
from machi.base.engine.verify import StoredEntry, verify_entries

TOWN, OTHER = "142123", "332020"
SIGNER, FORGER = Signer("machi", bytes(range(32))), Signer("machi", bytes(range(1, 33)))
EXPECTED = offline.Expected(SIGNER.verifier.encode(), TOWN)


@dataclass(frozen=True)
class Log:
    """A ledger as it is stored, with everything that was signed of it, and the files made of it."""

    entries: tuple[StoredEntry, ...]
    head: TreeHead
    head_note: str
    """The head as it was signed when the last entry was appended."""
    notes: tuple[str, ...]
    documents: dict[str, dict[str, Any]]
    """``heads``, ``proof``, ``leaf`` and ``disclosure``, as ``machi.base.engine.offline`` reads them."""

    @property
    def lines(self) -> list[bytes]:
        return [entry.data + b"\n" for entry in self.entries]


def a_log(town: str = TOWN, size: int = 24, signer: Signer = SIGNER, seed: int = 0) -> Log:
    """Entries like those of an answered inquiry; a root was signed after each third of them."""
    draw = random.Random(f"{town} {seed}")
    bodies = [
        {
            "index": index,
            "at": f"2026-{1 + index * 9 // size:02}-11T10:00:00+09:00",
            "municipality": town,
            "kind": "result",
            "system": "frontdesk.answers",
            "version": "1",
            "subject": f"inquiry:{draw.randrange(1000)}",
            "actor": "",
            "inputs": {"question": f"{draw.getrandbits(256):064x}"},
            "outputs": {"known": draw.random() < 0.7, "confidence": round(draw.random(), 4)},
            "sources": [
                {"document": draw.randrange(99), "version": 1, "digest": f"{draw.getrandbits(256):064x}"}
            ],
            "explanation": "words_found",
        }
        for index in range(size)
    ]
    return _built([canonical_json(body) for body in bodies], town, signer)


def _built(data: list[bytes], town: str, signer: Signer) -> Log:
    """Everything that follows from the entries, up to what is signed."""
    frontier = Frontier()
    entries: list[StoredEntry] = []
    for index, one in enumerate(data):
        frontier, completed = frontier.append(leaf_hash(one))
        entries.append(StoredEntry(index, one, completed[0], completed[1:], json.loads(one)["index"]))
    leaves = [entry.leaf_hash for entry in entries]
    read, size = LeafHashes(leaves), len(entries)
    notes, heads = [], []
    before = 0
    for month, at in enumerate(sorted({max(1, size // 3), max(1, 2 * size // 3), size}), start=1):
        signed = Checkpoint(
            f"machi/ledger/{town}", Frontier.read(at, read).head(), (f"month 2026-{month:02}",)
        )
        notes.append(sign_checkpoint(signed, signer))
        grown = prove_consistency(before, at, read).to_json() if before else None
        heads.append({"month": f"2026-{month:02}", "note": notes[-1], "consistency": grown})
        before = at
    origin, key = f"machi/ledger/{town}", signer.verifier.encode()
    chosen = size // 2
    rows = [
        {
            "index": index,
            "subject": "問い合わせ",
            "explanation": "（伏せました）",
            "leaf_hash": leaves[index].hex(),
            "inclusion": prove_inclusion(index, size, read).to_json(),
        }
        for index in (0, chosen)
    ]
    told = f"{offline.disclosure_origin(origin)}\n{offline.disclosure_digest(rows)}\n"
    documents: dict[str, dict[str, Any]] = {
        "heads": {"format": offline.HEADS, "origin": origin, "key": key, "heads": heads},
        "proof": {
            "format": offline.PROOF,
            "origin": origin,
            "key": key,
            "entry": data[chosen].decode(),
            "inclusion": prove_inclusion(chosen, size, read).to_json(),
            "note": notes[-1],
        },
        "leaf": {
            "format": offline.LEAF,
            "origin": origin,
            "key": key,
            "leaf_hash": leaves[chosen].hex(),
            "inclusion": prove_inclusion(chosen, size, read).to_json(),
            "note": notes[-1],
        },
        "disclosure": {
            "format": offline.DISCLOSURE,
            "origin": origin,
            "key": key,
            "note": notes[-1],
            "rows": rows,
            "signature": sign_note(told, [signer]),
        },
    }
    head_note = sign_checkpoint(Checkpoint(origin, frontier.head()), signer)
    return Log(tuple(entries), frontier.head(), head_note, tuple(notes), documents)


def found_in_store(log: Log) -> bool:
    """What ``machi.base.ledger.verify`` does with what is stored."""
    try:
        known = [SIGNER.verifier]
        signed = [
            open_checkpoint(note, known, f"machi/ledger/{TOWN}").head for note in (log.head_note, *log.notes)
        ]
    except CheckpointError:
        return True
    if signed[0] != log.head:
        return True
    if any(
        json.loads(entry.data).get("municipality") != TOWN for entry in log.entries if _is_json(entry.data)
    ):
        return True
    return any(True for _ in verify_entries(log.entries, log.head, signed))


def found_offline(log: Log, lines: list[bytes], documents: dict[str, dict[str, Any]]) -> bool:
    """What ``machi.base.engine.offline`` says of the files, given the key and the town by other means."""
    try:
        offline.check_log(lines, documents["heads"], EXPECTED)
        offline.check_proof(documents["proof"], EXPECTED)
        offline.check_leaf(documents["leaf"], EXPECTED)
        offline.check_disclosure(documents["disclosure"], EXPECTED)
    except offline.Broken:
        return True
    return False


def _edit(log: Log, draw: random.Random) -> bytes:
    """One entry with one thing changed, still well-formed, or one byte of it, no longer so."""
    data = draw.choice(log.entries).data
    if draw.random() < 0.5:
        body = json.loads(data)
        name = draw.choice(["subject", "actor", "kind", "explanation", "at", "system"])
        return canonical_json({**body, name: str(body[name]) + draw.choice("0aあ")})
    place = draw.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << draw.randrange(7))]) + data[place + 1 :]


def _edited(data: list[bytes], log: Log, draw: random.Random) -> None:
    changed = _edit(log, draw)
    place = draw.randrange(len(data))
    if (
        changed == data[place]
        or not _is_json(changed)
        or not isinstance(json.loads(changed).get("index"), int)
    ):
        changed = canonical_json({**json.loads(data[place]), "explanation": f"{draw.random()}"})
    data[place] = changed


def _removed(data: list[bytes], log: Log, draw: random.Random) -> None:
    del data[draw.randrange(len(data))]


def _removed_and_renumbered(data: list[bytes], log: Log, draw: random.Random) -> None:
    del data[draw.randrange(len(data) - 1)]
    data[:] = [canonical_json({**json.loads(one), "index": index}) for index, one in enumerate(data)]


def _reordered(data: list[bytes], log: Log, draw: random.Random) -> None:
    one, other = draw.sample(range(len(data)), 2)
    data[one], data[other] = data[other], data[one]


def _duplicated(data: list[bytes], log: Log, draw: random.Random) -> None:
    data.insert(draw.randrange(len(data) + 1), draw.choice(data))


def _truncated(data: list[bytes], log: Log, draw: random.Random) -> None:
    del data[-draw.randrange(1, len(data)) :]


def _appended(data: list[bytes], log: Log, draw: random.Random) -> None:
    data.append(canonical_json({**json.loads(data[-1]), "index": len(data), "subject": "inquiry:0"}))


def _from_another_town(data: list[bytes], log: Log, draw: random.Random) -> None:
    place = draw.randrange(len(data))
    data[place] = canonical_json({**json.loads(data[place]), "municipality": OTHER})


ON_ENTRIES: dict[str, Callable[[list[bytes], Log, random.Random], None]] = {
    "edit": _edited,
    "removal": _removed,
    "removal, the rest renumbered": _removed_and_renumbered,
    "reorder": _reordered,
    "duplicate": _duplicated,
    "truncation": _truncated,
    "forged entry at the end": _appended,
    "entry of another municipality": _from_another_town,
}


def stored_tampering(log: Log, draw: random.Random) -> tuple[str, Log]:
    """What was done, and the store after it. Half the time every hash is made anew, up to the stored head."""
    kind = draw.choice(
        [*ON_ENTRIES, "byte", "forged head", "subtree hash", "altered signature", "swapped municipality"]
    )
    if kind in ON_ENTRIES:
        data = [entry.data for entry in log.entries]
        ON_ENTRIES[kind](data, log, draw)
        if draw.random() < 0.5:
            forged = _built(data, TOWN, FORGER)
            note = draw.choice([log.head_note, forged.head_note])  # the old signature, or one of another key
            return f"{kind}, rehashed", replace(log, entries=forged.entries, head=forged.head, head_note=note)
        by_data = {entry.data: entry for entry in log.entries}
        entries = tuple(
            replace(by_data.get(one, log.entries[min(place, len(log.entries) - 1)]), index=place, data=one)
            for place, one in enumerate(data)
        )
        return kind, replace(log, entries=entries)
    place = draw.randrange(len(log.entries))
    entry = log.entries[place]
    if kind == "byte":
        entry = replace(entry, data=_flipped(entry.data, draw))
    elif kind == "subtree hash":
        place = draw.randrange(len(log.entries) // 2) * 2 + 1
        entry = log.entries[place]
        level = draw.randrange(len(entry.subtrees))
        hashes = [
            *entry.subtrees[:level],
            _flipped(entry.subtrees[level], draw),
            *entry.subtrees[level + 1 :],
        ]
        entry = replace(entry, subtrees=tuple(hashes))
    elif kind == "forged head":
        size = draw.choice([log.head.size, log.head.size - 1, log.head.size + 1])
        return kind, replace(log, head=TreeHead(size, _flipped(log.head.root, draw)))
    elif kind == "altered signature":
        if draw.random() < 0.3:
            return kind, replace(log, head_note=_other_note(log.head_note, draw))
        notes = list(log.notes)
        notes[draw.randrange(len(notes))] = _other_note(draw.choice(notes), draw)
        return kind, replace(log, notes=tuple(notes))
    else:
        other = a_log(OTHER, len(log.entries), draw.choice([SIGNER, FORGER]))
        return kind, replace(other, documents=log.documents) if draw.random() < 0.5 else replace(
            log, notes=other.notes
        )
    return kind, replace(log, entries=(*log.entries[:place], entry, *log.entries[place + 1 :]))


def file_tampering(log: Log, draw: random.Random) -> tuple[str, list[bytes], dict[str, dict[str, Any]]]:
    """What was done, and the files after it."""
    lines, documents = log.lines, copy.deepcopy(log.documents)
    kind = draw.choice(
        [*ON_ENTRIES, "byte", "document", "document", "document", "forger's key", "swapped municipality"]
    )
    if kind in ON_ENTRIES:
        data = [line.removesuffix(b"\n") for line in lines]
        ON_ENTRIES[kind](data, log, draw)
        lines = [one + b"\n" for one in data]
        if draw.random() < 0.3:  # and everything made anew, but signed with another key
            return f"{kind}, rehashed", lines, _built(data, TOWN, FORGER).documents
    elif kind == "byte":
        place = draw.randrange(len(lines))
        lines[place] = _flipped(lines[place].removesuffix(b"\n"), draw) + b"\n"
    elif kind == "document":
        name = draw.choice(list(documents))
        kind = f"altered {name}"
        _mutate(documents[name], draw)
    elif kind == "forger's key":
        forged = a_log(TOWN, len(log.entries), FORGER).documents
        name = draw.choice(list(documents))
        documents[name] = forged[name]
    else:
        other = a_log(OTHER, len(log.entries), SIGNER)  # the same installation's key, another town's log
        name = draw.choice(["log", *documents])
        if name == "log":
            lines = other.lines
        else:
            documents[name] = other.documents[name]
    return kind, lines, documents


def _mutate(value: dict[str, Any], draw: random.Random) -> None:
    """Changes one value somewhere inside, takes one out, adds one, or changes their order."""
    places = list(_places(value))
    holder, name = draw.choice(places)
    old = holder[name]
    if isinstance(holder, list) and len(holder) > 1 and draw.random() < 0.3:
        other = draw.randrange(len(holder))
        if holder[other] != old:
            holder[name], holder[other] = holder[other], old
            return
    if draw.random() < 0.2:
        del holder[name]
    elif isinstance(old, str):
        holder[name] = _other_note(old, draw) if "\n" in old else _other_text(old, draw)
    elif isinstance(old, bool) or old is None:
        holder[name] = 1
    elif isinstance(old, int):
        holder[name] = old + draw.choice([-1, 1, 2**40])
    elif isinstance(old, list):
        old.append(draw.choice(old) if old else "x")
    else:
        old["x"] = draw.random()


def _places(value: Any) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, inner in items for place in [(value, name), *_places(inner)]]


def _other_note(note: str, draw: random.Random) -> str:
    """A signed note with one character changed, or its signature moved to another text."""
    if draw.random() < 0.3:
        text, _, signature = note.rpartition("\n\n")
        lines = text.split("\n")
        lines[draw.randrange(len(lines))] += draw.choice(["1", "A", " "])
        return "\n".join(lines) + "\n\n" + signature
    return _other_text(note, draw)


def _other_text(text: str, draw: random.Random) -> str:
    if not text:
        return "x"
    place = draw.randrange(len(text))
    other = draw.choice([one for one in "Ab0/+=\nあ" if one != text[place]])
    return text[:place] + other + text[place + 1 :]


def _flipped(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << draw.randrange(8))]) + data[place + 1 :]


def _is_json(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except ValueError:
        return False


def count(log: Log, trials: int, seed: int = 0) -> dict[str, dict[str, int]]:
    """For ``store`` and ``files``: how many tamperings of each kind were made; ``missed``: how many not found."""
    draw = random.Random(seed)
    result: dict[str, dict[str, int]] = {"store": {"missed": 0}, "files": {"missed": 0}}
    assert not found_in_store(log)
    assert not found_offline(log, log.lines, log.documents)
    for _ in range(trials):
        kind, tampered = stored_tampering(log, draw)
        assert tampered != log, kind
        _add(result["store"], kind, found_in_store(tampered))
        kind, lines, documents = file_tampering(log, draw)
        assert (lines, documents) != (log.lines, log.documents), kind
        _add(result["files"], kind, found_offline(log, lines, documents))
    return result


def _add(counted: dict[str, int], kind: str, found: bool) -> None:
    counted[kind] = counted.get(kind, 0) + 1
    counted["missed"] += not found
