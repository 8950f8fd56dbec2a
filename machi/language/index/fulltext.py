"""The full-text part of an index: tantivy (BM25) over tokens made beforehand.

A folder is written once. Additions hard-link the segments there are and add one; a removal writes the folder
anew from the stored tokens (about 3 s for 100,000 passages), because BM25 counts deleted passages until they
are merged away: so the scores depend on the passages alone, not on how the index came to hold them.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from machi.language.engine.tokens import search_tokens
from machi.language.engine.types import IndexEntry
from machi.language.index.manifest import sync_folder

Ids = NDArray[np.int64]
Scored = tuple[Ids, NDArray[np.float64]]

_HEAP = 64_000_000
_DECIMALS = 4
"""Kept of a BM25 score: float sums taken in another order differ further back."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage_id", indexed=True, fast=True)
    builder.add_text_field("tokens", stored=True, tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("texts", stored=True)
    return builder.build()


_SCHEMA = _schema()


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as kept here: its texts as written, and the tokens of all of them joined by blanks."""

    passage_id: int
    title: str
    headings: tuple[str, ...]
    text: str
    tokens: str


def analyze(entry: IndexEntry | Stored) -> Stored:
    """Tokenise an entry, or one kept from an earlier analysis again.

    Title and headings count like the text: one field ranked better than a title field with a weight.
    """
    tokens = search_tokens("\n".join((entry.title, *entry.headings, entry.text)))
    return Stored(entry.passage_id, entry.title, entry.headings, entry.text, " ".join(tokens))


def write(folder: Path, stored: Iterable[Stored], base: Path | None = None) -> None:
    """Write a new folder with ``stored``, on top of what folder ``base`` holds (which stays as it is).

    Durable when this returns. What a killed writer left under the same name is removed first.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for source in base.iterdir() if base else ():
        if source.name.endswith(".lock"):
            continue
        # tantivy replaces its two JSON files by renaming and never changes any other file in place.
        if source.suffix == ".json":
            shutil.copyfile(source, folder / source.name)
        else:
            os.link(source, folder / source.name)
    writer = tantivy.Index(_SCHEMA, path=str(folder)).writer(heap_size=_HEAP, num_threads=1)
    for passage in stored:
        document = tantivy.Document()
        document.add_integer("passage_id", passage.passage_id)
        document.add_text("tokens", passage.tokens)
        texts = json.dumps((passage.title, passage.headings, passage.text))
        document.add_bytes("texts", texts.encode())
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    sync_folder(folder)


class FullText:
    """One written folder, open for reading. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._searcher = tantivy.Index.open(str(folder)).searcher()

    def __len__(self) -> int:
        return self._searcher.num_docs

    def _passage_ids(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        values = self._searcher.fast_field_values("passage_id", addresses)
        return cast(list[int], values)  # every document has one

    def best(self, tokens: Sequence[str], limit: int) -> Scored:
        """The ``limit`` passages of highest BM25 score for ``tokens``, best first."""
        terms = [(Occur.Should, Query.term_query(_SCHEMA, "tokens", token, "freq")) for token in tokens]
        hits = self._searcher.search(Query.boolean_query(terms), limit, count=False).hits
        ids = np.array(self._passage_ids([address for _, address in hits]), np.int64)
        scores: NDArray[np.float64] = np.array([score for score, _ in hits], np.float64)
        return ids, np.round(scores, _DECIMALS)

    def stored(self, passage_ids: Sequence[int] | None = None) -> Iterator[Stored]:
        """The passages kept here (or those named), in the order of their ids."""
        if len(self) == 0 or passage_ids == []:
            return
        query = (
            Query.all_query()
            if passage_ids is None
            else Query.term_set_query(_SCHEMA, "passage_id", passage_ids)
        )
        addresses = [address for _, address in self._searcher.search(query, len(self), count=False).hits]
        for passage_id, address in sorted(zip(self._passage_ids(addresses), addresses, strict=True)):
            document = self._searcher.doc(address)
            title, headings, text = json.loads(bytes(document["texts"][0]))
            yield Stored(passage_id, title, tuple(headings), text, document["tokens"][0])
