"""What the tests of search share: an embedder without weights, and the passages of a small town."""

import zlib
from collections.abc import Sequence

import numpy as np

from machi.language.embedding import Vectors
from machi.language.engine.types import IndexEntry

MATTERS = (
    "粗大ごみ",
    "住民票",
    "国民健康保険",
    "保育所",
    "図書館",
    "防災無線",
    "市民税",
    "水道料金",
    "予防接種",
    "転入届",
)
WISHES = ("の申し込み方法", "の手数料", "の窓口", "の休みの日", "に必要なもの")


class PairEmbedder:
    """Counts of character pairs, hashed: a real embedder, instant and the same everywhere."""

    dimension = 48
    basis = None

    def __init__(self, name: str = "pairs") -> None:
        self.name = name

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for first, second in zip(text, text[1:] + "。", strict=True):
                row[
                    zlib.crc32(f"{self.name}{first}{second}".encode("utf-8", "replace")) % self.dimension
                ] += 1
            row /= max(1.0, float(np.linalg.norm(row)))
        return rows

    embed_passages = embed_queries


def a_passage(passage_id: int) -> IndexEntry:
    """Passage ``passage_id`` of the town: the same id always has the same text."""
    matter = MATTERS[passage_id % len(MATTERS)]
    wish = WISHES[passage_id // len(MATTERS) % len(WISHES)]
    text = f"{matter}{wish}について、{passage_id}番の窓口でご案内します。電話は{passage_id:04d}です。"
    return IndexEntry(passage_id, f"{matter}{wish}", ("手続き",), text)
