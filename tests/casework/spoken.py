"""Real speech for the tests: flite (Debian package) says the words, PyAV puts them into the kinds of files."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import wave
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np

from machi.casework.engine.speech_audio import wav
from machi.casework.engine.speech_types import RATE

MEETING = (
    "Good morning everybody. We begin the meeting of the fire brigade. The new pump will be bought in April. "
    "Please send the order to the supplier by Friday. There are no objections, so the plan is adopted."
)
CODECS = {
    "mp3": ("mp3", "libmp3lame"), "m4a": ("mp4", "aac"), "aac": ("adts", "aac"), "ogg": ("ogg", "libopus"),
    "flac": ("flac", "flac"), "webm": ("webm", "libopus"),
}  # fmt: skip
"""By suffix: FFmpeg's container and encoder."""


@cache
def said(text: str = MEETING, voice: str = "rms") -> bytes:
    """A WAV file."""
    flite = shutil.which("flite")
    assert flite, "flite is missing: bin/setup dev"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run([flite, "-voice", voice, "-t", text, "-o", str(path)], check=True)
        return path.read_bytes()


def samples_of(wav: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(wav)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def as_wav(samples: np.ndarray) -> bytes:
    return wav(samples.astype(np.int16).tobytes())


def encoded(samples: np.ndarray, suffix: str) -> bytes:
    container, codec = CODECS[suffix]
    held = io.BytesIO()
    with av.open(held, "w", format=container) as out:
        stream: Any = out.add_stream(codec, rate=48_000 if codec == "libopus" else RATE, layout="mono")
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=stream.rate)
        frame = av.AudioFrame.from_ndarray(
            samples.astype(np.int16).reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate = RATE
        fifo = av.AudioFifo()
        for one in [*resampler.resample(frame), *resampler.resample(None)]:
            one.pts = None
            fifo.write(one)
        while piece := fifo.read(stream.frame_size or 1024, partial=True):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return held.getvalue()


def words(text: str) -> list[str]:
    return re.sub(r"[^a-z ]", " ", text.lower()).split()


def alike(told: str, wanted: str) -> float:
    """Share of the words that stand in both, in the same order; 1: the same words."""
    return SequenceMatcher(None, words(told), words(wanted), autojunk=False).ratio()
