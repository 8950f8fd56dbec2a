"""Quality of retrieval on citizens' questions with graded judgments, ours beside its parts and simpler systems.

    python bench/faq_retrieval.py [--data DIR] [--index DIR] [--json]

``--data`` is a folder with ``corpus.json`` (id -> text), ``queries.json`` (id -> text) and ``qrels.json``
(query id -> {corpus id: grade}); by default localgovFAQ's development part (1,786 FAQs of Amagasaki City, 364
citizens' queries, grade 2 = answers, 1 = related; Sakata et al., SIGIR 2019). A text of the form ``Question:
..\\nAnswer: ..`` becomes a passage with the question as its title, any other a passage without a title. All runs
through the real ``MunicipalityIndex``, built in a folder that is thrown away (kept with ``--index``: the second
run then need not embed again).

Measures, each the mean over the queries that have a judged document of grade 1 or more:

    ndcg@10    linear gain: sum of grade / log2(rank + 1) over the first ten, divided by the same sum of the best
               possible order (as in trec_eval, pytrec_eval and MTEB; Järvelin and Kekäläinen 2002 first form)
    recall@10  share of the documents of grade 1 or more that are among the first ten
    mrr@10     1 / rank of the first document of grade 1 or more among the first ten, else 0
    hit@1, hit@3, hit@10   share of queries with a document of grade 1 or more among the first one, three, ten

``--json``: the last line is one JSON object with the keys ``ndcg@10``, ``recall@10``, ``mrr@10``, ``hit@1``,
``hit@3``, ``hit@10`` for ours.
"""

import argparse
import hashlib
import json
import math
import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import bm25s
import numpy as np

from machi.language.embedding import Vectors, default_embedder
from machi.language.engine.tokens import query_tokens, search_tokens
from machi.language.engine.types import IndexEntry
from machi.language.index.store import MunicipalityIndex

DATA = Path(os.environ.get("MACHI_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
MEASURES = ("ndcg@10", "recall@10", "mrr@10", "hit@1", "hit@3", "hit@10")

Ranking = Sequence[str]
Grades = Mapping[str, int]

PUBLISHED = """
Published for localgovFAQ on its whole query set, of which the 364 above are a part:
  nDCG@10 with linear gain, README of mahiya/japanese-text-embedding-benchmark (748 queries): gemini-embedding-2
    .725, text-embedding-3-large .649, bge-m3 .620, multilingual-e5-large .571, multilingual-e5-small .522,
    BM25 (Elasticsearch, Kuromoji) .494
  README of ku-nlp/bert-based-faqir (784 queries): BERT trained on FAQs SR@1 .486, SR@3 .668, MRR .596; together
    with TSUBAKI (BM25) SR@1 .635, SR@3 .779, MRR .720. SR@k is hit@k.
"""


def measure(ranking: Ranking, grades: Grades) -> dict[str, float]:
    """The measures of one query: ``ranking`` is best first, ``grades`` are those of its judged documents."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    gains = [max(0, grades.get(document, 0)) for document in ranking[:10]]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:10]
    ranks = [rank for rank, gain in enumerate(gains, 1) if gain]
    return {
        "ndcg@10": _discounted(gains) / _discounted(ideal),
        "recall@10": len(ranks) / len(relevant),
        "mrr@10": 1 / ranks[0] if ranks else 0.0,
        "hit@1": float(bool(ranks) and ranks[0] == 1),
        "hit@3": float(bool(ranks) and ranks[0] <= 3),
        "hit@10": float(bool(ranks)),
    }


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def evaluate(
    search: Callable[[str], Ranking], queries: Mapping[str, str], qrels: Mapping[str, Grades]
) -> dict[str, float]:
    """The mean of each measure over the queries that have a relevant document."""
    judged = [i for i in queries if any(grade > 0 for grade in qrels.get(i, {}).values())]
    figures = [measure(search(queries[i]), qrels[i]) for i in judged]
    return {name: sum(figure[name] for figure in figures) / len(figures) for name in MEASURES}


def entries(corpus: Mapping[str, str]) -> list[IndexEntry]:
    """One passage a document, numbered in the order of the corpus."""
    made = []
    for number, text in enumerate(corpus.values()):
        form = re.match(r"Question:\s*(.*?)\s*\nAnswer:\s*(.*)", text, re.DOTALL)
        title, body = form.groups() if form else ("", text)
        made.append(IndexEntry(number, title, (), body))
    return made


def systems(index: MunicipalityIndex, corpus: Mapping[str, str]) -> dict[str, Callable[[str], Ranking]]:
    """Ours, and what it is compared with; each takes a query and returns the ids of the ten best."""
    names = list(corpus)
    snapshot = index.snapshot()
    rows = snapshot.living_rows()
    counted = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    # bm25s numbers the words itself when it is given lists of them.
    tokens = [search_tokens(f"{entry.title}\n{entry.text}") for entry in entries(corpus)]
    counted.index(tokens, show_progress=False)

    @cache
    def embedded(query: str) -> Vectors:
        vector: Vectors = index.embedder.embed_queries([query])[0]
        return vector

    def ours(query: str) -> Ranking:
        hits = snapshot.search(query, embedded(query), index.embedder.basis)
        return [names[hit.passage_id] for hit in hits]

    def by_words(query: str) -> Ranking:
        return [names[hit.passage_id] for hit in snapshot.search(query, None)]

    def by_bm25s(query: str) -> Ranking:
        words = [word for word in query_tokens(query) if word in counted.vocab_dict]
        if not words:
            return []
        found, _ = counted.retrieve([words], k=min(10, len(names)), show_progress=False)
        return [names[int(number)] for number in found[0]]

    def by_vectors(columns: slice) -> Callable[[str], Ranking]:
        vectors = rows.full[:, columns].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

        def search(query: str) -> Ranking:
            scores = vectors @ embedded(query)[columns]
            return [names[rows.ids[row]] for row in np.argsort(-scores, kind="stable")[:10]]

        return search

    return {
        "ours": ours,
        "ours, words only": by_words,
        "BM25 (bm25s, same words)": by_bm25s,
        "e5-small alone": by_vectors(slice(0, 384)),
        "USE alone": by_vectors(slice(384, None)),
        "both embeddings, no words": by_vectors(slice(None)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA / "localgovfaq")
    parser.add_argument("--index", type=Path, help="keep the index in this folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    corpus, queries, qrels = (
        json.loads((options.data / f"{name}.json").read_text("utf-8"))
        for name in ("corpus", "queries", "qrels")
    )
    with tempfile.TemporaryDirectory() as temporary:
        digest = hashlib.sha256(json.dumps(corpus).encode()).hexdigest()[:12]
        index = MunicipalityIndex((options.index or Path(temporary)) / digest, default_embedder())
        index.apply(entries(corpus))
        index.embed_missing(lambda done, total: print(f"\rembedded {done}/{total}", end="", flush=True))
        print(f"\n{len(corpus)} documents, {len(queries)} queries from {options.data.name}\n")
        print(f"{'':28}" + "".join(f"{name:>11}" for name in MEASURES))
        figures = {}
        for name, search in systems(index, corpus).items():
            figures[name] = evaluate(search, queries, qrels)
            print(
                f"{name:28}" + "".join(f"{figures[name][measure]:11.4f}" for measure in MEASURES), flush=True
            )
    if options.data.name == "localgovfaq":
        print(PUBLISHED)
    if options.json:
        print(json.dumps(figures["ours"]))


if __name__ == "__main__":
    main()
