"""The real corpora that the answer engine is measured on, indexed as machi indexes them.

``municipality_entries`` reads the shipped bulletins (Atsugi, Kurashiki) and open data (Yaizu) with the front
desk's own readers; ``faq_entries`` takes FAQs of the localgovFAQ form. Indexes are kept in a cache folder, so
that a second run starts at once; embedding all 11,000 passages the first time takes about half an hour.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from machi.frontdesk.engine.reading.reader import read
from machi.language.embedding import Embedder
from machi.language.engine.english import with_japanese
from machi.language.engine.passages import split
from machi.language.engine.types import Candidate, IndexEntry
from machi.language.index.store import MunicipalityIndex

DATA = Path(os.environ.get("MACHI_DATA", Path(__file__).resolve().parent.parent.parent / "shared" / "data"))
SOURCES = {
    "142123": "municipal-bulletin/142123*.csv",
    "332020": "municipal-bulletin/332020*.csv",
    "222127": "yaizu-opendata/*.csv",
}


def municipality_entries(code: str) -> list[IndexEntry]:
    """The passages of the sample sources of the municipality ``code``."""
    entries: list[IndexEntry] = []
    for path in sorted(DATA.glob(SOURCES[code])):
        for document in read(path.name, path.read_bytes()).documents:
            for passage in split(document.title, document.blocks)[1]:
                entries.append(IndexEntry(len(entries), document.title, passage.headings, passage.text))
    return entries


def faq_entries(corpus: dict[str, str]) -> list[IndexEntry]:
    """One passage a FAQ (``Question: ...\\nAnswer: ...``): the question is the title, the number the id."""
    entries = []
    for number, text in corpus.items():
        question, _, reply = text.partition("\nAnswer: ")
        title = question.removeprefix("Question: ").strip()
        entries.append(IndexEntry(int(number), title, (), reply.strip().replace("。＜改＞。", "。\n")))
    return entries


def built(
    name: str, entries: Iterable[IndexEntry], embedder: Embedder, cache: Path, *, embed: bool = True
) -> MunicipalityIndex:
    """The index of ``entries``, taken from ``cache`` where it stands complete; by words only without ``embed``."""
    listed = list(entries)
    digest = hashlib.sha256(json.dumps([[e.title, e.headings, e.text] for e in listed]).encode()).hexdigest()
    kind = "meaning" if embed else "words"
    index = MunicipalityIndex(cache / f"{name}-{kind}-{digest[:16]}", embedder)
    if index.status().passages != len(listed):
        index.apply(listed)
    if embed:
        index.embed_missing()
    return index


def candidates(index: MunicipalityIndex, question: str, k: int = 10) -> list[Candidate]:
    """The best ``k`` hits of ``question`` with their texts, found as the front desk finds them."""
    hits = index.search(with_japanese(question), k)
    entries = {entry.passage_id: entry for entry in index.entries([hit.passage_id for hit in hits])}
    found = ((hit, entries[hit.passage_id]) for hit in hits if hit.passage_id in entries)
    return [Candidate(hit, entry.title, entry.headings, entry.text) for hit, entry in found]
