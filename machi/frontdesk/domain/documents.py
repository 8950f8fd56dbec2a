"""Documents of a file: what changed since its last version gets a new version, what did not stays as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from machi.frontdesk.engine.reading import ReadDocument
from machi.frontdesk.models import Document, Passage, SourceFile
from machi.language.engine.passages import split


def store_documents(file: SourceFile, documents: Sequence[ReadDocument]) -> None:
    """Writes the documents of ``file``; those its earlier versions had and this one lacks go out of use."""
    before = {
        document.key: document
        for document in Document.objects.filter(source=file.source, file__name=file.name).order_by("version")
    }
    kept: set[str] = set()
    fresh: list[tuple[Document, ReadDocument]] = []
    for read in documents:
        key = _key(file, read, kept)
        kept.add(key)
        digest = _digest(read)
        old = before.get(key)
        if old is not None and old.digest == digest:
            if not old.current or old.file_id != file.pk:
                Document.objects.filter(pk=old.pk).update(current=True, file=file)
            continue
        if old is not None:
            Document.objects.filter(source=file.source, key=key, current=True).update(current=False)
        fresh.append((_document(file, read, key, digest, old.version + 1 if old else 1), read))
    gone = [old.pk for key, old in before.items() if key not in kept and old.current]
    Document.objects.filter(pk__in=gone).update(current=False)
    passages: list[Passage] = []
    for document, read in fresh:
        text, cut = split(read.title, read.blocks)
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
            )
            for passage in cut
        ]
    Document.objects.bulk_create([document for document, _ in fresh], batch_size=500)
    Passage.objects.bulk_create(passages, batch_size=1000)


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


def _key(file: SourceFile, read: ReadDocument, taken: set[str]) -> str:
    """The same title again in one file is told apart by its turn, not its line: lines move."""
    turn = 0
    while True:
        text = "\n".join([file.name, read.title, read.url, str(read.date or ""), str(turn)])
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in taken:
            return key
        turn += 1


def _digest(read: ReadDocument) -> str:
    parts = [
        read.title,
        read.url,
        read.category,
        str(read.date),
        str(read.valid_from),
        str(read.valid_until),
        *(f"{block.kind}{block.level}{block.text}" for block in read.blocks),
    ]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
