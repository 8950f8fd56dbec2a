"""Which documents say the same as another, exactly or nearly."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from machi.language.engine.text import search_form

NEAR = 0.8
"""Share of common shingles (Jaccard) from which two documents count as nearly the same."""
_SHINGLE = 5
_BANDS, _ROWS = 16, 4
"""Two documents of likeness s meet in some band with probability 1 - (1 - s^4)^16: 0.9998 at 0.8, 0.64 at 0.5."""

_Hashes = npt.NDArray[np.uint64]


def find_duplicates(texts: Mapping[int, str]) -> dict[int, int]:
    """Of documents with equal text (in search form, blanks apart) the first is the original.

    ``texts`` in order of preference; returns each copy's number with that of its original.
    """
    first: dict[bytes, int] = {}
    copies: dict[int, int] = {}
    for number, text in texts.items():
        digest = hashlib.sha256(_compact(text).encode()).digest()
        original = first.setdefault(digest, number)
        if original != number:
            copies[number] = original
    return copies


def find_near_duplicates(texts: Mapping[int, str], near: float = NEAR) -> dict[int, tuple[int, float]]:
    """Documents nearly the same as an earlier one: that one's number, and the likeness (``near`` to 1).

    ``texts`` in order of preference. Likeness is the Jaccard index of the sets of five-character shingles in
    search form; candidates are found by MinHash signatures in bands (Broder 1997; Leskovec, Rajaraman and
    Ullman, Mining of Massive Datasets, ch. 3), so the time grows with the number of documents, not its square.
    """
    kept: dict[int, _Hashes] = {}
    met: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    found: dict[int, tuple[int, float]] = {}
    for number, text in texts.items():
        shingles = _shingles(_compact(text))
        bands = list(_bands(shingles))
        candidates = sorted({other for band in bands for other in met[band]})
        best = max(((_likeness(shingles, kept[other]), -other) for other in candidates), default=(0.0, 0))
        if best[0] >= near:
            found[number] = (-best[1], best[0])
            continue
        kept[number] = shingles
        for band in bands:
            met[band].append(number)
    return found


def _compact(text: str) -> str:
    return "".join(search_form(text).split())


def _shingles(text: str) -> _Hashes:
    """Hashes of the distinct shingles of ``text``, sorted; of a shorter text, one hash of all of it."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    width = min(_SHINGLE, max(1, len(codes)))
    hashed = np.zeros(max(1, len(codes) - width + 1), dtype=np.uint64)
    for offset in range(width if len(codes) else 0):
        hashed = _mixed(hashed + codes[offset : offset + len(hashed)])
    return np.unique(hashed)


def _mixed(values: _Hashes) -> _Hashes:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_SEEDS = _mixed(np.arange(_BANDS * _ROWS, dtype=np.uint64))


def _bands(shingles: _Hashes) -> Iterator[tuple[int, bytes]]:
    signature = np.array([_mixed(shingles ^ seed).min() for seed in _SEEDS])
    for band in range(_BANDS):
        yield band, signature[band * _ROWS : (band + 1) * _ROWS].tobytes()


def _likeness(one: _Hashes, other: _Hashes) -> float:
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)
