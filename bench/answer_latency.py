"""Time of a search and of a whole answer, beside LanceDB doing the same hybrid search in the same run.

    python bench/answer_latency.py [--sizes 1000,10000,100000] [--queries 200] [--others 100] [--json]

One municipality holds 1,000, 10,000 and 100,000 passages; 100 others of 500 passages are there too and open, and
before each measured question a random one of them is asked another question in the same way. Each kind of work
is measured over all questions before the next kind begins. Passages are halves of real articles of municipal
bulletins joined anew, with distinct ids. Embedding 100,000 of them would take hours, so their vectors are DRAWN
(normal, unit length, reproducible), in the real embedder's 896 dimensions and compared in its 96 coordinates;
questions are embedded by the real models. Times do not depend on the values. The questions are localgovFAQ's
where it is present, else the bulletins' titles.

LanceDB has a table for each municipality with the same vectors (compared exactly, no index, as ours) and a
full-text index over the same words (Sudachi tokens joined by blanks, whitespace tokenizer), and fuses both by
reciprocal ranks; only ids are asked back. It uses as many threads as it likes, ours one.

Measured, each p50 and p99 over the questions, milliseconds, one process:
    retrieval        from the question's text and its embedding to ten hits (tokens, both searches, fusion)
    with embedding   the same with embedding the question
    answer           from the question's text to the cited sentences
    LanceDB          from the question's text and its embedding to ten ids

``--json``: the last line is one JSON object with the keys ``retrieval_p50_ms``, ``retrieval_p99_ms``,
``with_embedding_p50_ms``, ``with_embedding_p99_ms``, ``answer_p50_ms``, ``answer_p99_ms``, ``lancedb_p50_ms``,
``lancedb_p99_ms``, each an object from the number of passages (as text) to milliseconds.
"""

import argparse
import csv
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("LANCEDB_LOG", "error")

from machi.language.embedding import Vectors, default_embedder  # first: it sets the threads of BLAS
from machi.language.engine.answer import answer
from machi.language.engine.tokens import query_tokens, search_tokens
from machi.language.engine.types import Candidate, Hit, IndexEntry
from machi.language.index.store import MunicipalityIndex

import lancedb  # isort: skip
import numpy as np  # isort: skip
import pyarrow as pa  # isort: skip
from lancedb.index import FTS  # isort: skip
from lancedb.rerankers import RRFReranker  # isort: skip

DATA = Path(os.environ.get("MACHI_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
OTHERS_SIZE = 500
SEED = 20250401


class DrawnPassages:
    """The real embedder for queries, drawn vectors for passages."""

    def __init__(self) -> None:
        self._real = default_embedder()
        self.name = "drawn/" + self._real.name
        self.dimension = self._real.dimension
        self.basis = self._real.basis
        self._random = np.random.default_rng(SEED)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._real.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        rows = self._random.standard_normal((len(texts), self.dimension), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def articles() -> list[tuple[str, str]]:
    found = []
    for path in sorted((DATA / "municipal-bulletin").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += [(row["記事タイトル"], row["記事本文"]) for row in csv.DictReader(file)]
    return found


def passages(count: int) -> Iterator[IndexEntry]:
    """``count`` passages of 100 to 400 characters, reproducible."""
    real = articles()
    chance = random.Random(SEED)
    for number in range(count):
        (title, one), (_, other) = chance.choice(real), chance.choice(real)
        cut, length = chance.randrange(max(1, len(one))), chance.randint(50, 200)
        text = f"{one[cut : cut + length]}\n{other[:length]}"
        yield IndexEntry(number, title, (), text)


def questions(count: int) -> list[str]:
    path = DATA / "localgovfaq" / "queries.json"
    found = (
        list(json.loads(path.read_text("utf-8")).values()) if path.exists() else [t for t, _ in articles()]
    )
    return random.Random(SEED).sample(found, min(count, len(found)))


def build(folder: Path, count: int, embedder: DrawnPassages) -> MunicipalityIndex:
    index = MunicipalityIndex(folder, embedder)
    index.apply(passages(count))
    index.embed_missing(batch=5_000)
    return index


def lance_table(database: Any, name: str, index: MunicipalityIndex) -> Any:
    """The same passages, words and vectors as a LanceDB table with a full-text index."""
    rows = index.snapshot().living_rows()
    words = {stored.passage_id: stored.tokens for stored in index.snapshot().stored()}
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(rows.full.ravel()), rows.full.shape[1])
    table = database.create_table(
        name, pa.table({"id": rows.ids, "tokens": [words[i] for i in rows.ids.tolist()], "vector": vectors})
    )
    plain = FTS(
        base_tokenizer="whitespace",
        with_position=False,
        stem=False,
        remove_stop_words=False,
        ascii_folding=False,
        lower_case=False,
    )
    table.create_index("tokens", config=plain)
    return table


def lance_search(table: Any, question: str, vector: Vectors) -> list[int]:
    tokens = " ".join(query_tokens(question))
    search = table.search(query_type="hybrid", vector_column_name="vector", fts_columns="tokens")
    found = search.vector(vector).text(tokens).select(["id"]).limit(10).rerank(RRFReranker()).to_arrow()
    return [int(i) for i in found["id"].to_pylist()]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def retrieved(index: MunicipalityIndex, question: str, vector: Vectors) -> list[Hit]:
    return index.snapshot().search(question, vector, index.embedder.basis)


def answered(index: MunicipalityIndex, question: str) -> None:
    hits = index.search(question)
    texts = {entry.passage_id: entry for entry in index.entries([hit.passage_id for hit in hits])}
    found = [(hit, texts[hit.passage_id]) for hit in hits]
    answer(question, [Candidate(hit, entry.title, entry.headings, entry.text) for hit, entry in found])


def measure(
    index: MunicipalityIndex,
    table: Any,
    others: list[tuple[MunicipalityIndex, Any]],
    asked: list[str],
) -> dict[str, list[float]]:
    """Milliseconds of each kind of work for each question, one kind after the other."""
    vectors = dict(zip(asked, index.embedder.embed_queries(asked), strict=True))
    chance = random.Random(SEED)
    times: dict[str, list[float]] = {}
    for name, work in (
        ("retrieval", lambda place, question: retrieved(place[0], question, vectors[question])),
        ("with_embedding", lambda place, question: place[0].search(question)),
        ("answer", lambda place, question: answered(place[0], question)),
        ("lancedb", lambda place, question: lance_search(place[1], question, vectors[question])),
    ):
        times[name] = []
        for question in asked:
            work(chance.choice(others), chance.choice(asked))
            times[name].append(timed(partial(work, (index, table), question)))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--others", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    asked = questions(options.queries)
    embedder = DrawnPassages()
    search_tokens("温める")
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        database = lancedb.connect(home / "lance")
        first = build(home / "other-0", OTHERS_SIZE, embedder)
        others = []
        for number in range(options.others):
            if number:
                shutil.copytree(first.path, home / f"other-{number}")
            other = MunicipalityIndex(home / f"other-{number}", embedder)
            others.append((other, lance_table(database, f"other{number}", other)))
        print(
            f"{len(asked)} questions, {options.others} other municipalities of {OTHERS_SIZE} passages; milliseconds\n"
        )
        print(f"{'passages':>9}{'':4}{'retrieval':>18}{'with embedding':>18}{'answer':>18}{'LanceDB':>18}")
        for size in sizes:
            index = build(home / f"town-{size}", size, embedder)
            table = lance_table(database, f"town{size}", index)
            measure(index, table, others, asked[:5])
            times = measure(index, table, others, asked)
            for percent in (50, 99):
                for name, values in times.items():
                    key = f"{name}_p{percent}_ms"
                    results.setdefault(key, {})[str(size)] = round(float(np.percentile(values, percent)), 3)
            cells = [
                f"{results[f'{name}_p50_ms'][str(size)]:.2f} / {results[f'{name}_p99_ms'][str(size)]:.2f}"
                for name in times
            ]
            print(f"{size:9,}{'':4}" + "".join(f"{cell:>18}" for cell in cells), flush=True)
    if options.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
