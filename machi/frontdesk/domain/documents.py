"""Documents of a file: what changed since its last version gets a new version, what did not stays as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from machi.frontdesk.engine.reading import ReadDocument, dated_passages
from machi.frontdesk.models import Document, Passage, Source, SourceFile


@dataclass(frozen=True, slots=True)
class Changes:
    """How the documents of a new version of a file differ from those in use."""

    new: int
    changed: int
    unchanged: int
    gone: int


def compare(source: Source, name: str, documents: Sequence[ReadDocument]) -> Changes:
    """What ``store_documents`` would do with a file called ``name``, without doing it."""
    before = _before(source, name)
    kept: set[str] = set()
    new = changed = unchanged = 0
    for read in documents:
        key = _key(name, read, kept)
        kept.add(key)
        old = before.get(key)
        if old is None or not old.current:
            new += 1
        elif old.digest == _digest(read):
            unchanged += 1
        else:
            changed += 1
    gone = sum(old.current for key, old in before.items() if key not in kept) if documents else 0
    return Changes(new, changed, unchanged, gone)


def store_documents(file: SourceFile, documents: Sequence[ReadDocument]) -> None:
    """Writes the documents of ``file``; those its earlier versions had and this one lacks go out of use."""
    before = _before(file.source, file.name)
    kept: set[str] = set()
    fresh: list[tuple[Document, ReadDocument]] = []
    unchanged: list[int] = []
    for read in documents:
        key = _key(file.name, read, kept)
        kept.add(key)
        digest = _digest(read)
        old = before.get(key)
        if old is not None and old.digest == digest:
            unchanged.append(old.pk)
            continue
        if old is not None:
            Document.objects.filter(source=file.source, key=key, current=True).update(current=False)
        fresh.append((_document(file, read, key, digest, old.version + 1 if old else 1), read))
    gone = [old.pk for key, old in before.items() if key not in kept and old.current]
    Document.objects.filter(pk__in=gone).update(current=False)
    Document.objects.filter(pk__in=unchanged).update(current=True, file=file)
    passages: list[Passage] = []
    for document, read in fresh:
        text, cut = dated_passages(read)
        document.text = text
        passages += [
            Passage(
                municipality=file.municipality,
                document=document,
                ordinal=passage.ordinal,
                start=passage.start,
                end=passage.end,
                headings=list(passage.headings),
                text=passage.text,
                place=passage.place[:120],
                valid_until=valid_until,
            )
            for passage, valid_until in cut
        ]
    Document.objects.bulk_create([document for document, _ in fresh], batch_size=500)
    Passage.objects.bulk_create(passages, batch_size=1000)


def _before(source: Source, name: str) -> dict[str, Document]:
    """The last version of each document that any version of the file has had."""
    known = (
        Document.objects.filter(source=source, file__name=name).defer("text", "blocks").order_by("version")
    )
    return {document.key: document for document in known}


def _document(file: SourceFile, read: ReadDocument, key: str, digest: str, version: int) -> Document:
    offset = 0
    blocks = []
    for block in read.blocks:
        blocks.append([block.kind, block.level, offset, offset + len(block.text)])
        offset += len(block.text) + 1
    return Document(
        municipality=file.municipality,
        source=file.source,
        file=file,
        key=key,
        version=version,
        digest=digest,
        title=read.title[:300],
        category=read.category[:60],
        url=read.url[:500],
        place=read.place[:120],
        date=read.date,
        valid_from=read.valid_from,
        valid_until=read.valid_until,
        blocks=blocks,
    )


def _key(name: str, read: ReadDocument, taken: set[str]) -> str:
    """The same title again in one file is told apart by its turn, not its line: lines move."""
    turn = 0
    while True:
        text = "\n".join([name, read.title, read.url, str(read.date or ""), str(turn)])
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in taken:
            return key
        turn += 1


def _digest(read: ReadDocument) -> str:
    return digest_of(read, [(block.kind, block.level, block.text) for block in read.blocks])


def digest_of(document: ReadDocument | Document, blocks: Iterable[tuple[str, int, str]]) -> str:
    """SHA-256 of what a document says of itself and of its blocks (kind, level, text), in hexadecimal."""
    parts = [
        document.title,
        document.url,
        document.category,
        str(document.date),
        str(document.valid_from),
        str(document.valid_until),
        *(f"{kind}{level}{text}" for kind, level, text in blocks),
    ]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
