"""What comes of a recording of a meeting: words with their times and how sure they are, and why one is not heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

AudioKind = Literal["wav", "mp3", "aac", "mp4", "ogg", "flac", "webm"]
Language = Literal["ja", "en"]

RATE = 16_000
"""Samples a second that the recogniser listens to; one channel."""

REFUSALS = (
    "empty",
    "too-large",
    "not-audio",
    "no-sound",
    "broken",
    "too-long",
    "too-costly",
    "no-extra",
    "no-model",
    "model-incomplete",
    "model-broken",
    "language",
    "lost",
)
"""The keys of ``NotHeard``, put into words by ``domain/recording_words.py``."""


class NotHeard(ValueError):
    """A recording (or a model) that is not taken. ``key`` is one of ``REFUSALS``; ``arguments`` fill its words."""

    def __init__(self, key: str, **arguments: str | int) -> None:
        super().__init__(f"{key} {arguments}" if arguments else key)
        self.key = key
        self.arguments: Mapping[str, str | int] = arguments


@dataclass(frozen=True, slots=True)
class AudioLimits:
    size: int = 300_000_000
    """Bytes of the file."""
    seconds: int = 3 * 3600
    """Of sound, however little room it takes: three hours of silence are a few kilobytes."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a file says of itself and what was found in it."""

    kind: AudioKind
    seconds: float
    """Decoded."""
    damaged: int = 0
    """Packets that could not be decoded and were left out."""
    missing: float = 0.0
    """Seconds that the file says it has and that are not there: it was cut off."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    """With the space in front that the language writes."""
    start: float
    """Seconds from the beginning of the recording."""
    end: float
    sure: float
    """Probability that the model gives the word itself, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, or what was said between two pauses. Nobody's: speakers are not told apart."""

    start: float
    end: float
    text: str
    unsure: tuple[str, ...] = ()
    """Its words that the model itself doubts."""


@dataclass(frozen=True, slots=True)
class Heard:
    sound: Sound
    lines: tuple[Line, ...]
    parameters: Mapping[str, str | int | float | bool]
    """How the recogniser was set: the same recording with the same model and parameters gives the same lines."""
