"""Signed notes: the vectors of the format's reference implementation, and that no change goes through."""

import base64
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine.checkpoint import (
    Checkpoint,
    CheckpointError,
    Signer,
    Verifier,
    open_checkpoint,
    open_note,
    sign_checkpoint,
    sign_note,
)
from machi.base.engine.merkle import EMPTY_ROOT, TreeHead

# From the tests of Go's sumdb/note, which defined the format.
VERIFIER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNER_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ORIGIN = "machi/ledger/142123"
SIGNER = Signer("machi", bytes(range(32)))
VERIFIER = SIGNER.verifier
CHECKPOINT = Checkpoint(ORIGIN, TreeHead(20852163, bytes(range(32))))


def test_keys_are_read_and_written_as_the_reference_does() -> None:
    signer, verifier = Signer.parse(SIGNER_KEY), Verifier.parse(VERIFIER_KEY)
    assert signer.verifier == verifier
    assert signer.encode() == SIGNER_KEY
    assert verifier.encode() == VERIFIER_KEY


def test_signing_gives_the_reference_note() -> None:
    note = sign_note(TEXT, [Signer.parse(SIGNER_KEY)])
    assert note == f"{TEXT}\n{SIGNATURE}"
    assert open_note(note, [Verifier.parse(VERIFIER_KEY)]) == TEXT


def test_the_specification_s_sample_checkpoint_is_read() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.parse(text)
    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.head.size == 20852163
    assert checkpoint.head.root == base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert checkpoint.text() == text


@given(
    st.integers(0, 10**18),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1), max_size=3),
)
def test_a_signed_checkpoint_opens_as_it_was(size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(ORIGIN, TreeHead(size, root), tuple(extensions))
    assert open_checkpoint(sign_checkpoint(checkpoint, SIGNER), [VERIFIER], ORIGIN) == checkpoint


def test_the_empty_log_has_a_checkpoint() -> None:
    checkpoint = Checkpoint(ORIGIN, TreeHead(0, EMPTY_ROOT))
    assert checkpoint.text() == f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert Checkpoint.parse(checkpoint.text()) == checkpoint


def test_no_changed_character_goes_through() -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    rng = random.Random(9162)
    for spot in range(len(note)):
        for other in rng.sample("0aZ+/= \n—", 3):
            changed = note[:spot] + other + note[spot + 1 :]
            if changed != note:
                with pytest.raises(CheckpointError):
                    open_checkpoint(changed, [VERIFIER], ORIGIN)
        with pytest.raises(CheckpointError):
            open_checkpoint(note[:spot], [VERIFIER], ORIGIN)


def test_signatures_of_unknown_keys_are_ignored_but_do_not_suffice() -> None:
    stranger = Signer("witness", bytes(32))
    note = sign_note(CHECKPOINT.text(), [stranger, SIGNER])
    assert open_checkpoint(note, [VERIFIER], ORIGIN) == CHECKPOINT
    with pytest.raises(CheckpointError, match="no known key"):
        open_checkpoint(sign_checkpoint(CHECKPOINT, stranger), [VERIFIER], ORIGIN)
    with pytest.raises(CheckpointError, match="no known key"):
        open_checkpoint(note, [], ORIGIN)


def test_a_known_key_s_false_signature_spoils_the_note() -> None:
    false = VERIFIER.key_id + Ed25519PrivateKey.from_private_bytes(bytes(32)).sign(CHECKPOINT.text().encode())
    line = f"— machi {base64.b64encode(false).decode()}\n"
    other = Signer("witness", bytes(32))
    note = sign_note(CHECKPOINT.text(), [other]) + line
    with pytest.raises(CheckpointError, match="the signature of machi does not hold"):
        open_note(note, [other.verifier, VERIFIER])


def test_another_log_s_checkpoint_is_refused() -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    with pytest.raises(CheckpointError, match="of the log 'machi/ledger/142123', not 'machi/ledger/332020'"):
        open_checkpoint(note, [VERIFIER], "machi/ledger/332020")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at least three lines"),
        (f"{ORIGIN}\n1\n", "at least three lines"),
        (CHECKPOINT.text()[:-1], "at least three lines"),
        (CHECKPOINT.text().replace("20852163", "020852163"), "not a plain decimal"),
        (CHECKPOINT.text().replace("20852163", "-1"), "not a plain decimal"),
        (CHECKPOINT.text().replace("20852163", "２０"), "not a plain decimal"),
        (CHECKPOINT.text().replace("20852163", "9" * 20), "not a plain decimal"),
        (f"{ORIGIN}\n1\nAAAA\n", "the root hash has 3 bytes, not 32"),
        (f"{ORIGIN}\n1\n*\n", "the root hash is not base64"),
        (f"{ORIGIN}\n1\n{'A' * 42}B=\n", "one canonical spelling"),
        ("\n1\n" + CHECKPOINT.text().split("\n")[2] + "\n", "cannot have the line ''"),
        (CHECKPOINT.text() + "\n", "cannot have the line ''"),
    ],
)
def test_parse_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (VERIFIER_KEY[1:], "id does not belong"),
        (VERIFIER_KEY.replace("c74f20a3", "c74f20a4"), "id does not belong"),
        (VERIFIER_KEY.replace("c74f20a3", "C74F20A3"), "written name"),
        ("PeterNeumann+c74f20a3", "written name"),
        (VERIFIER_KEY[:-4], "has 30 bytes, not 33"),
        ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "not an Ed25519 key"),
        ("a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "cannot name a key"),
    ],
)
def test_verifier_parse_says_what_is_wrong(key: str, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        Verifier.parse(key)


def test_signer_parse_says_what_is_wrong() -> None:
    with pytest.raises(CheckpointError, match="begins with PRIVATE"):
        Signer.parse(VERIFIER_KEY)
    with pytest.raises(CheckpointError, match="id does not belong"):
        Signer.parse(SIGNER_KEY.replace("c74f20a3", "c74f20a4"))
    with pytest.raises(CheckpointError, match="seed has 32 bytes, not 3"):
        Signer("machi", b"abc").signature_line("x\n")


def test_the_seed_stays_out_of_repr() -> None:
    assert repr(SIGNER) == "Signer(name='machi')"


def test_sign_note_refuses_text_that_could_not_be_read_back() -> None:
    for text in ("no newline", "a\x00b\n", "a\r\n"):
        with pytest.raises(CheckpointError, match="control characters"):
            sign_note(text, [SIGNER])
