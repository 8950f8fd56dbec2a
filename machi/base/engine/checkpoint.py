"""Signed tree heads in the transparency-log ecosystem's formats, so that any of its tools can read ours.

The text is a C2SP *tlog-checkpoint* (origin, size, base64 root, optional extension lines); the envelope is a
C2SP *signed-note* with Ed25519 signatures (type 0x01); keys are written as Go's ``sumdb/note`` writes them::

    machi.example/142123
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — machi.example/142123 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo...

Whoever keeps such a note outside the system can later prove that history was rewritten.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from machi.base.engine.merkle import HASH_SIZE, TreeHead

_ED25519 = b"\x01"
_MOST_SIGNATURES = 100
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class CheckpointError(ValueError):
    """A note, checkpoint or key that is malformed, or a signature that does not hold."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself. ``origin`` names the log; ``extensions`` are opaque further lines."""

    origin: str
    head: TreeHead
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line or _CONTROL.search(line):
                raise CheckpointError(f"a checkpoint cannot have the line {line!r}")

    def text(self) -> str:
        """The note text that is signed; ends in a newline."""
        root = base64.b64encode(self.head.root).decode("ascii")
        return "".join(f"{line}\n" for line in (self.origin, self.head.size, root, *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a note text. Believe it only after ``open_note`` has checked its signature."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1]:
            raise CheckpointError("a checkpoint has at least three lines, each ended by a newline")
        origin, size, root, *extensions = lines[:-1]
        if not _SIZE.fullmatch(size):
            raise CheckpointError(f"the tree size {size!r} is not a plain decimal number")
        return cls(origin, TreeHead(int(size), _decode(root, "root hash", HASH_SIZE)), tuple(extensions))


@dataclass(frozen=True, slots=True)
class Verifier:
    """A named Ed25519 public key (32 bytes)."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if (
            not self.name
            or "+" in self.name
            or any(c.isspace() for c in self.name)
            or _CONTROL.search(self.name)
        ):
            raise CheckpointError(f"{self.name!r} cannot name a key: empty, or with a space or a plus")
        if len(self.public_key) != 32:
            raise CheckpointError(f"an Ed25519 public key has 32 bytes, not {len(self.public_key)}")

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name || 0x0A || 0x01 || public key)."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:4]

    def encode(self) -> str:
        """``name+hex(key id)+base64(0x01 || public key)``."""
        return (
            f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public_key).decode('ascii')}"
        )

    @classmethod
    def parse(cls, text: str) -> Verifier:
        name, key_id, key = _key_parts(text)
        verifier = cls(name, key)
        if verifier.key_id.hex() != key_id:
            raise CheckpointError("the verifier key's id does not belong to its name and key")
        return verifier

    def verifies(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A named Ed25519 private key (its 32-byte seed). Never logged: the seed stays out of ``repr``."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key().public_key().public_bytes_raw())

    def encode(self) -> str:
        """``PRIVATE+KEY+name+hex(key id)+base64(0x01 || seed)``. A secret."""
        key = base64.b64encode(_ED25519 + self.seed).decode("ascii")
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{key}"

    @classmethod
    def parse(cls, text: str) -> Signer:
        prefix = "PRIVATE+KEY+"
        if not text.startswith(prefix):
            raise CheckpointError("a signer key begins with PRIVATE+KEY+")
        name, key_id, seed = _key_parts(text.removeprefix(prefix))
        signer = cls(name, seed)
        if signer.verifier.key_id.hex() != key_id:
            raise CheckpointError("the signer key's id does not belong to its name and key")
        return signer

    def signature_line(self, text: str) -> str:
        signature = base64.b64encode(self.verifier.key_id + self._key().sign(text.encode())).decode("ascii")
        return f"— {self.name} {signature}\n"

    def _key(self) -> Ed25519PrivateKey:
        if len(self.seed) != 32:
            raise CheckpointError(f"an Ed25519 seed has 32 bytes, not {len(self.seed)}")
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """The signed note of a text (ending in a newline, without control characters) by all the signers."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise CheckpointError("a note's text ends in a newline and has no control characters")
    return text + "\n" + "".join(signer.signature_line(text) for signer in signers)


def open_note(note: str, verifiers: Sequence[Verifier]) -> str:
    """The text of a signed note, once at least one of the known keys has signed it.

    Signatures of unknown keys are ignored, as the format demands. CheckpointError where the note is malformed,
    where a known key's signature does not hold, or where no known key signed.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    text, blank, signatures = note.rpartition("\n\n")
    text += "\n"
    lines = signatures.split("\n")
    if not blank or _CONTROL.search(note) or lines.pop() or not 0 < len(lines) <= _MOST_SIGNATURES:
        raise CheckpointError("not a signed note: a text, an empty line and signature lines are needed")
    signed_by_known_key = False
    for line in lines:
        name, key_id, signature = _signature_parts(line)
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        if not verifier.verifies(text, signature):
            raise CheckpointError(f"the signature of {name} does not hold: the note was changed")
        signed_by_known_key = True
    if not signed_by_known_key:
        raise CheckpointError("no known key has signed the note")
    return text


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note of a checkpoint."""
    return sign_note(checkpoint.text(), [signer])


def open_checkpoint(note: str, verifiers: Sequence[Verifier], origin: str) -> Checkpoint:
    """The checkpoint in a note that a known key signed, which must be of the log named ``origin``.

    CheckpointError as for ``open_note`` and ``Checkpoint.parse``, or where another log issued it.
    """
    checkpoint = Checkpoint.parse(open_note(note, verifiers))
    if checkpoint.origin != origin:
        raise CheckpointError(f"the checkpoint is of the log {checkpoint.origin!r}, not {origin!r}")
    return checkpoint


def _key_parts(text: str) -> tuple[str, str, bytes]:
    match text.split("+", 2):
        case [name, key_id, key] if re.fullmatch("[0-9a-f]{8}", key_id):
            decoded = _decode(key, "key", 33)
            if decoded[:1] == _ED25519:
                return name, key_id, decoded[1:]
            raise CheckpointError("the key is not an Ed25519 key")
    raise CheckpointError("a key is written name+id+base64")


def _signature_parts(line: str) -> tuple[str, bytes, bytes]:
    match line.split(" "):
        case ["—", name, encoded] if name:
            decoded = _decode(encoded, "signature")
            if len(decoded) > 4:
                return name, decoded[:4], decoded[4:]
    raise CheckpointError(f"not a signature line: {line!r}")


def _decode(text: str, what: str, size: int | None = None) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointError(f"the {what} is not base64") from None
    # Re-encoding refuses a second spelling of the same bytes.
    if base64.b64encode(decoded).decode("ascii") != text:
        raise CheckpointError(f"the {what} is not base64 in its one canonical spelling")
    if size is not None and len(decoded) != size:
        raise CheckpointError(f"the {what} has {len(decoded)} bytes, not {size}")
    return decoded
