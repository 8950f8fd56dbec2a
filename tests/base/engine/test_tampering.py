"""Of a thousand tamperings with what is stored, and a thousand with the files, every one is found."""

import pytest

from tests.base.engine.tampering import ON_ENTRIES, a_log, count, found_in_store, found_offline


@pytest.fixture(scope="module")
def counted() -> dict[str, dict[str, int]]:
    return count(a_log(size=24), 1000, seed=9162)


@pytest.mark.long
def test_every_tampering_with_the_store_is_found(counted: dict[str, dict[str, int]]) -> None:
    kinds = dict(counted["store"])
    assert kinds.pop("missed") == 0
    assert sum(kinds.values()) == 1000
    assert set(kinds) == {
        *ON_ENTRIES,
        *(f"{kind}, rehashed" for kind in ON_ENTRIES),
        "byte",
        "subtree hash",
        "forged head",
        "altered signature",
        "swapped municipality",
    }


def test_every_tampering_with_the_files_is_found(counted: dict[str, dict[str, int]]) -> None:
    kinds = dict(counted["files"])
    assert kinds.pop("missed") == 0
    assert sum(kinds.values()) == 1000
    assert set(kinds) == {
        *ON_ENTRIES,
        *(f"{kind}, rehashed" for kind in ON_ENTRIES),
        "byte",
        "altered heads",
        "altered proof",
        "altered leaf",
        "altered disclosure",
        "forger's key",
        "swapped municipality",
    }


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33])
def test_an_untouched_log_is_well(size: int) -> None:
    log = a_log(size=size)
    assert not found_in_store(log)
    assert not found_offline(log, log.lines, log.documents)
