"""Verifies a municipality's ledger far from machi: this one file, Python 3.11 and ``cryptography``. No database.

    python offline.py heads.json                         what the town signed: signatures, and that the log only grew
    python offline.py log.jsonl --heads heads.json       a whole log against what was signed
    python offline.py proof.json disclosure.json ...     single entries, each with its proof
    ... --key machi+1a2b3c4d+AW...                       the key you were given by other means than these files
    ... --municipality 142123                            the town whose ledger it must be

It shares no line with the engine that writes the ledger, so the two check one another. Formats: a log is one entry
a line (RFC 8785 JSON), the line's number from 0 its index; trees and proofs are RFC 9162's with SHA-256; what is
signed is a C2SP tlog-checkpoint in a signed note (Ed25519). Exit status 0: all is well; 1: something is not; 2: a
file cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEADS, PROOF, LEAF = "machi-ledger-heads/1", "machi-ledger-proof/1", "machi-ledger-leaf/1"
DISCLOSURE = "machi-ledger-disclosure/1"
_EMPTY = hashlib.sha256(b"").digest()


class Broken(Exception):
    """What is wrong, in a sentence."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the reader knows by other means than the files. Empty: taken from the file, which vouches for itself."""

    key: str = ""
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A signed state of the log; ``month`` is ``2026-10`` for a monthly root, empty for another checkpoint."""

    month: str
    size: int
    root: bytes


def check_heads(document: Mapping[str, Any], expected: Expected = Expected()) -> list[Head]:
    """The signed heads, oldest first; Broken unless each is signed and grew out of the one before."""
    _members(document, "format", "origin", "key", "heads")
    origin, key = _origin_and_key(document, HEADS, expected)
    heads: list[Head] = []
    for place, one in enumerate(_list(document["heads"], "heads")):
        _members(one, "month", "note", "consistency")
        head = _head(one["note"], origin, key)
        if head.month != one["month"]:
            raise Broken(f"head {place}: the month {one['month']!r} is not the one signed, {head.month!r}")
        before = heads[-1] if heads else None
        if before is None:
            if one["consistency"] is not None:
                raise Broken("the first head has nothing to be consistent with")
        else:
            if head.month and before.month and head.month <= before.month:
                raise Broken(f"head {place}: {head.month} comes after {before.month}")
            if not _consistent(one["consistency"], before, head):
                raise Broken(
                    f"head {place} ({head.size} entries): the log did not grow out of the head before"
                )
        heads.append(head)
    if not heads:
        raise Broken("no head is in the file")
    return heads


def check_log(lines: Iterable[bytes], document: Mapping[str, Any], expected: Expected = Expected()) -> int:
    """Number of entries; Broken unless they are exactly those that the last signed head was made of."""
    heads = check_heads(document, expected)
    town = str(document["origin"]).rpartition("/")[2]
    waiting = sorted(heads, key=lambda head: head.size, reverse=True)
    stack: list[bytes] = []  # roots of the complete subtrees, largest first
    size = agreed = 0
    for line in lines:
        _entry_in_place(line.removesuffix(b"\n"), size, town)
        node, rest = _leaf(line.removesuffix(b"\n")), size
        while rest & 1:
            node, rest = _node(stack.pop(), node), rest >> 1
        stack.append(node)
        size += 1
        while waiting and waiting[-1].size == size:
            if _fold(stack) != waiting.pop().root:
                raise Broken(f"entries {agreed} to {size - 1} are not those that were signed")
            agreed = size
    if waiting and waiting[0].size > 0:
        raise Broken(f"the log ends after {size} entries; {waiting[0].size} were signed")
    if size != agreed:
        raise Broken(f"entries {agreed} to {size - 1} are beyond the last signed head")
    return size


def check_proof(document: Mapping[str, Any], expected: Expected = Expected()) -> str:
    """The entry; Broken unless its proof leads from its text to the signed head."""
    _members(document, "format", "origin", "key", "entry", "inclusion", "note")
    origin, key = _origin_and_key(document, PROOF, expected)
    if not isinstance(document["entry"], str):
        raise Broken("the entry is no text")
    data = document["entry"].encode()
    head = _head(document["note"], origin, key)
    index = _included(document["inclusion"], _leaf(data), head)
    _entry_in_place(data, index, origin.rpartition("/")[2])
    return str(document["entry"])


def check_leaf(document: Mapping[str, Any], expected: Expected = Expected()) -> int:
    """The entry's index; Broken unless its fingerprint, without its text, is in the signed log."""
    _members(document, "format", "origin", "key", "leaf_hash", "inclusion", "note")
    origin, key = _origin_and_key(document, LEAF, expected)
    return _included(
        document["inclusion"], _leaf_hash(document["leaf_hash"]), _head(document["note"], origin, key)
    )


def check_disclosure(document: Mapping[str, Any], expected: Expected = Expected()) -> int:
    """Number of rows; Broken unless each stands for an entry of the log and the masked text is as it was signed."""
    _members(document, "format", "origin", "key", "note", "rows", "signature")
    origin, key = _origin_and_key(document, DISCLOSURE, expected)
    head = _head(document["note"], origin, key)
    rows = _list(document["rows"], "rows")
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise Broken(f"row {place} is no object")
        if _included(row.get("inclusion"), _leaf_hash(row.get("leaf_hash")), head) != row.get("index"):
            raise Broken(f"row {place}: the proof is for another entry")
    signed = _open_note(document["signature"], key)
    if signed != f"{disclosure_origin(origin)}\n{disclosure_digest(rows)}\n":
        raise Broken("the rows are not those that were signed")
    return len(rows)


def disclosure_origin(origin: str) -> str:
    return origin.replace("machi/ledger/", "machi/disclosure/", 1)


def disclosure_digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of the rows as JSON with names in order, without blanks, in UTF-8."""
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(key: str) -> str:
    """SHA-256 of the 32 bytes of the public key: what two people read to one another."""
    return hashlib.sha256(_public_key(key)[1]).hexdigest()


def check_file(path: Path, heads: Path | None = None, expected: Expected = Expected()) -> str:
    """What was found to be well, in a sentence; Broken otherwise."""
    if path.suffix == ".jsonl":
        if heads is None:
            raise Broken("a log is checked against signed heads: --heads heads.json")
        with path.open("rb") as lines:
            return f"{check_log(lines, _read(heads), expected)} entries, all as they were signed"
    document = _read(path)
    kind = document.get("format")
    if kind == HEADS:
        found = check_heads(document, expected)
        return f"{len(found)} signed heads, the last of {found[-1].size} entries, each grown out of the one before"
    if kind == PROOF:
        entry = json.loads(check_proof(document, expected))
        return f"entry {entry['index']} of {entry['at']} is in the signed log"
    if kind == LEAF:
        return f"entry {check_leaf(document, expected)} is in the signed log; its text is not here"
    if kind == DISCLOSURE:
        return f"{check_disclosure(document, expected)} entries are in the signed log, masked as signed"
    raise Broken(f"the format {kind!r} is not known")


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _leaf_hash(text: object) -> bytes:
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{64}", text):
        raise Broken("a leaf hash is 64 hexadecimal digits")
    return bytes.fromhex(text)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _fold(stack: Sequence[bytes]) -> bytes:
    root = stack[-1] if stack else _EMPTY
    for left in reversed(stack[:-1]):
        root = _node(left, root)
    return root


def _entry_in_place(data: bytes, index: int, town: str) -> None:
    try:
        body = json.loads(data)
        where = (body["index"], body["municipality"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Broken(f"entry {index} is no entry of a ledger") from None
    if where != (index, town):
        raise Broken(f"entry {index} of {town} says it is entry {where[0]} of {where[1]}")


def _included(proof: object, leaf: bytes, head: Head) -> int:
    """The entry's index, once the path of RFC 9162 section 2.1.3.2 leads from the leaf to the head."""
    members = _members(proof, "leaf_index", "tree_size", "inclusion_path")
    index, size = members["leaf_index"], members["tree_size"]
    if type(index) is not int or type(size) is not int or size != head.size or not 0 <= index < size:
        raise Broken("the proof of inclusion is not for the signed head")
    node, last, place = leaf, size - 1, index
    for one in _hashes(members["inclusion_path"]):
        if last == 0:
            raise Broken("the proof of inclusion is too long")
        if place & 1 or place == last:
            node = _node(one, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = _node(node, one)
        place, last = place >> 1, last >> 1
    if last or node != head.root:
        raise Broken(f"entry {index}: the proof does not lead to the signed head")
    return index


def _consistent(proof: object, first: Head, second: Head) -> bool:
    """Section 2.1.4.2, written as the recursion of 2.1.4.1 turned round."""
    members = _members(proof, "tree_size_1", "tree_size_2", "consistency_path")
    if (members["tree_size_1"], members["tree_size_2"]) != (first.size, second.size):
        return False
    path = _hashes(members["consistency_path"])
    if first.size == second.size:
        return not path and first.root == second.root
    if not 0 < first.size < second.size:
        return False

    def roots(size: int, whole: int, is_prefix: bool) -> tuple[bytes, bytes]:
        """(root of the first ``size`` leaves, root of all ``whole``) of this subtree."""
        if size == whole:
            known = first.root if is_prefix else path.pop(0)
            return known, known
        half = 1 << ((whole - 1).bit_length() - 1)
        if size <= half:
            old, left = roots(size, half, is_prefix)
            return old, _node(left, path.pop(0))
        old, right = roots(size - half, whole - half, False)
        left = path.pop(0)
        return _node(left, old), _node(left, right)

    try:
        found = roots(first.size, second.size, True)
    except IndexError:
        return False
    return not path and found == (first.root, second.root)


def _origin_and_key(document: Mapping[str, Any], kind: str, expected: Expected) -> tuple[str, str]:
    if document["format"] != kind:
        raise Broken(f"the format is {document['format']!r}, not {kind!r}")
    origin, key = document["origin"], document["key"]
    if not isinstance(origin, str) or not isinstance(key, str) or not origin.startswith("machi/ledger/"):
        raise Broken("the file does not say whose ledger it is, or whose key")
    if expected.municipality and origin != f"machi/ledger/{expected.municipality}":
        raise Broken(f"this is {origin!r}, not the ledger of {expected.municipality}")
    if expected.key and key != expected.key:
        raise Broken("the file names another key than the one you gave")
    return origin, key


def _head(note: object, origin: str, key: str) -> Head:
    lines = _open_note(note, key).split("\n")
    if len(lines) < 4 or lines[-1] or lines[0] != origin or not re.fullmatch(r"0|[1-9]\d{0,18}", lines[1]):
        raise Broken(f"the signed note is no head of {origin}")
    extensions = lines[3:-1]
    if len(extensions) > 1 or (
        extensions and not re.fullmatch(r"month \d{4}-(0[1-9]|1[0-2])", extensions[0])
    ):
        raise Broken("the signed note has lines that are not known")
    month = extensions[0].removeprefix("month ") if extensions else ""
    return Head(month, int(lines[1]), _decoded(lines[2], 32))


def _open_note(note: object, key: str) -> str:
    """The text of a signed note; Broken unless this key, and no other, signed it."""
    name, public = _public_key(key)
    text, blank, signature = str(note).rpartition("\n\n")
    parts = signature.split(" ")
    if not isinstance(note, str) or not blank or len(parts) != 3 or parts[:2] != ["—", name]:
        raise Broken("a note is not signed by the key")
    signed = _decoded(parts[2].removesuffix("\n"), 68)
    if not signature.endswith("\n") or signed[:4] != _key_id(name, public):
        raise Broken("a note is signed by another key")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signed[4:], f"{text}\n".encode())
    except InvalidSignature:
        raise Broken("a signature does not hold: what it signed was changed") from None
    return f"{text}\n"


def _public_key(key: str) -> tuple[str, bytes]:
    name, _, rest = key.partition("+")
    key_id, _, encoded = rest.partition("+")
    decoded = _decoded(encoded, 33)
    if decoded[:1] != b"\x01" or _key_id(name, decoded[1:]).hex() != key_id:
        raise Broken("the key is not an Ed25519 key written name+id+base64")
    return name, decoded[1:]


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def _decoded(text: object, size: int) -> bytes:
    try:
        value = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        value = b""
    if len(value) != size or base64.b64encode(value).decode() != text:  # one spelling only
        raise Broken(f"{str(text)[:20]!r} is not the base64 of {size} bytes")
    return value


def _hashes(value: object) -> list[bytes]:
    return [_decoded(one, 32) for one in _list(value, "the path of a proof")]


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Broken(f"{what} is no list")
    return value


def _members(value: object, *names: str) -> Mapping[str, Any]:
    if not isinstance(value, dict) or set(value) != set(names):
        raise Broken(f"expected exactly the members {', '.join(names)}")
    return value


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Broken("not a JSON object")
    return document


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--heads", type=Path, help="signed heads, for a log")
    parser.add_argument("--key", default="", help="the public key you trust")
    parser.add_argument("--municipality", default="", help="whose ledger it must be")
    given = parser.parse_args(arguments)
    expected, status = Expected(given.key, given.municipality), 0
    for path in given.files:
        try:
            print(f"{path}: ok: {check_file(path, given.heads, expected)}")
            if not given.key and path.suffix != ".jsonl":
                print(f"  signed by the key in the file; compare: {fingerprint(_read(path)['key'])}")
        except Broken as broken:
            print(f"{path}: NOT INTACT: {broken}")
            status = max(status, 1)
        except OSError as error:
            print(f"{path}: {error.strerror}")
            status = 2
    return status


if __name__ == "__main__":
    sys.exit(main())
