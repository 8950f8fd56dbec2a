"""A sound file as samples. Run it in a process of its own (``speech_isolated``): FFmpeg's decoders are native code.

The kind is told by content and the demuxer named outright: FFmpeg left to choose would take a text for a play list and
open the files and addresses named in it.
"""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, Any

from machi.casework.engine.speech_types import RATE, AudioKind, AudioLimits, NotHeard, Sound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEAD = 16
"""Bytes by which the kind is told."""
_DEMUXERS: dict[AudioKind, str] = {
    "wav": "wav", "mp3": "mp3", "aac": "aac", "mp4": "mov", "ogg": "ogg", "flac": "flac", "webm": "matroska",
}  # fmt: skip
_MAGIC: dict[bytes, AudioKind] = {b"fLaC": "flac", b"OggS": "ogg", b"\x1aE\xdf\xa3": "webm"}
_MOST_DAMAGED = 1000
_CUT = 2.0
"""Seconds by which a file may be shorter than it says."""


def kind_of(head: bytes) -> AudioKind | None:
    """By the first bytes; None: no sound file of a kind that is taken."""
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mp4"
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head[:3] == b"ID3" and head[3:4] in (b"\x02", b"\x03", b"\x04"):
        return "mp3"
    if (
        head[:1] == b"\xff"
    ):  # frames alone: eleven bits set, then version and layer (a text in UTF-16 has another)
        second = head[1] if len(head) > 1 else 0
        return "aac" if second & 0xF6 == 0xF0 else "mp3" if second & 0xE6 == 0xE2 else None
    return None


def wav(samples: bytes) -> bytes:
    """A file of samples as the recogniser hears them: 16 bits, one channel, ``RATE`` a second."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return held.getvalue()


def decoded(data: bytes, limits: AudioLimits, first: int = 0) -> tuple[NDArray[np.int16], Sound]:
    """Samples (int16, one channel, ``RATE`` a second) of the first sound track, or of its first seconds alone.

    NotHeard: "empty", "not-audio", "no-sound" (a film without sound), "broken", "too-long".
    """
    import av
    import numpy as np

    if not data:
        raise NotHeard("empty")
    kind = kind_of(data[:HEAD])
    if kind is None:
        raise NotHeard("not-audio")
    av.logging.set_level(av.logging.PANIC)
    try:
        with av.open(io.BytesIO(data), format=_DEMUXERS[kind], metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise NotHeard("no-sound")
            said = float(container.duration or 0) / av.time_base  # type: ignore[union-attr]
            if said > limits.seconds:
                raise NotHeard("too-long", hours=limits.seconds // 3600)
            parts, damaged = _samples(container, limits, first)
    except (av.FFmpegError, ValueError, IndexError) as error:
        if isinstance(error, NotHeard):
            raise
        raise NotHeard("broken") from None
    samples: NDArray[np.int16] = np.concatenate(parts) if parts else np.zeros(0, np.int16)
    if not len(samples):
        raise NotHeard("broken")
    seconds = len(samples) / RATE
    cut = not first and said - seconds > _CUT
    return samples, Sound(kind, seconds, damaged, said - seconds if cut else 0.0)


def _samples(container: Any, limits: AudioLimits, first: int) -> tuple[list[NDArray[np.int16]], int]:
    """What can be decoded, and how many packets cannot."""
    import av

    stream = container.streams.audio[0]
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    parts: list[NDArray[np.int16]] = []
    count = damaged = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            break
        except av.InvalidDataError:
            damaged += 1
            if damaged > _MOST_DAMAGED:
                raise NotHeard("broken") from None
            continue
        for frame in frames:
            frame.pts = None  # a gap in the time stamps is no silence
            for one in resampler.resample(frame):
                parts.append(one.to_ndarray()[0])
                count += one.samples
        if count > limits.seconds * RATE:
            raise NotHeard("too-long", hours=limits.seconds // 3600)
        if first and count >= first * RATE:
            break
    if count:
        parts.extend(one.to_ndarray()[0] for one in resampler.resample(None))
    return parts, damaged
