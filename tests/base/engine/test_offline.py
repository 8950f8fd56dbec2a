"""The verifier that needs no machi: what it accepts, what it says, and that it stands alone."""

import copy
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine import offline
from machi.base.engine.merkle import LeafHashes, TreeHead, leaf_hash, merkle_tree_hash
from machi.base.engine.proof import prove_consistency, verify_consistency
from tests.base.engine.tampering import EXPECTED, FORGER, OTHER, SIGNER, TOWN, a_log

LOG = a_log(size=9)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "log.jsonl").write_bytes(b"".join(LOG.lines))
    for name, document in LOG.documents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    shutil.copy(offline.__file__, tmp_path / "offline.py")
    return tmp_path


def run(files: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script alone, in a folder where no machi is; -S would hide cryptography, -I hides only this checkout."""
    command = [sys.executable, "-I", "offline.py", *arguments]
    return subprocess.run(command, cwd=files, capture_output=True, text=True, check=False)


def test_it_imports_neither_django_nor_machi(files: Path) -> None:
    code = "import runpy, sys; runpy.run_path('offline.py'); print(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=files, capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout.replace("'", '"'))
    assert "cryptography" in loaded
    assert not {"django", "machi", "rfc8785"} & set(loaded)


def test_everything_untouched_is_told_to_be_well(files: Path) -> None:
    key = SIGNER.verifier.encode()
    given_key = ("--heads", "heads.json", "--key", key, "--municipality", TOWN)
    done = run(files, "log.jsonl", "heads.json", "proof.json", "leaf.json", "disclosure.json", *given_key)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "log.jsonl: ok: 9 entries, all as they were signed",
        "heads.json: ok: 3 signed heads, the last of 9 entries, each grown out of the one before",
        "proof.json: ok: entry 4 of 2026-05-11T10:00:00+09:00 is in the signed log",
        "leaf.json: ok: entry 4 is in the signed log; its text is not here",
        "disclosure.json: ok: 2 entries are in the signed log, masked as signed",
    ]


def test_without_a_key_the_file_s_own_is_told_for_comparison(files: Path) -> None:
    done = run(files, "proof.json")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].endswith(offline.fingerprint(SIGNER.verifier.encode()))


def test_what_is_broken_is_told_and_ends_in_1(files: Path) -> None:
    lines = LOG.lines
    del lines[4]
    (files / "log.jsonl").write_bytes(b"".join(lines))
    done = run(files, "log.jsonl", "--heads", "heads.json")
    assert done.returncode == 1
    assert done.stdout == "log.jsonl: NOT INTACT: entry 4 of 142123 says it is entry 5 of 142123\n"


def test_what_cannot_be_read_ends_in_2(files: Path) -> None:
    assert run(files, "nothing.json").returncode == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "machi-ledger-proof/1"}', "[" * 100_000])
def test_what_is_no_document_is_broken_and_no_crash(files: Path, text: str) -> None:
    (files / "proof.json").write_text(text)
    done = run(files, "proof.json")
    assert (done.returncode, done.stderr) == (1, "")


def test_another_key_or_municipality_than_asked_for_is_broken() -> None:
    for expected in (offline.Expected(FORGER.verifier.encode()), offline.Expected("", OTHER)):
        with pytest.raises(offline.Broken):
            offline.check_proof(LOG.documents["proof"], expected)


def test_a_log_is_vouched_for_up_to_the_last_signed_head_only() -> None:
    heads = copy.deepcopy(LOG.documents["heads"])
    del heads["heads"][-1]
    with pytest.raises(offline.Broken, match="entries 6 to 8 are beyond the last signed head"):
        offline.check_log(LOG.lines, heads, EXPECTED)
    assert offline.check_log(LOG.lines[:6], heads, EXPECTED) == 6


@given(st.integers(1, 200), st.integers(0, 200), st.integers(0, 10**6))
def test_both_verifiers_agree_on_consistency(first: int, more: int, spoilt: int) -> None:
    """The engine's loop of RFC 9162 and this file's recursion, on proofs that hold and on spoilt ones."""
    leaves = [leaf_hash(str(number).encode()) for number in range(first + more)]
    heads = [TreeHead(size, merkle_tree_hash(leaves[:size])) for size in (first, first + more)]
    proof = prove_consistency(first, first + more, LeafHashes(leaves))
    told = [offline.Head("", head.size, head.root) for head in heads]
    assert verify_consistency(proof, *heads)
    assert offline._consistent(proof.to_json(), *told)
    if proof.consistency_path:
        path = list(proof.consistency_path)
        at = spoilt % len(path)
        for other in (
            path[:at] + path[at + 1 :],
            [*path, path[at]],
            [*path[:at], bytes(32), *path[at + 1 :]],
        ):
            false = type(proof)(first, first + more, tuple(other))
            assert not verify_consistency(false, *heads)
            assert not offline._consistent(false.to_json(), *told)
