"""Speech to words, by faster-whisper (Whisper on CTranslate2) with weights that are already there.

The recording is cut at pauses into blocks of some two minutes, so that memory does not grow with the meeting and it is
known how far the work is. What is no speech is left out by Silero's detector (in faster-whisper's wheel): Whisper
writes words where there is only noise. Nothing is drawn by chance: temperature 0, one beam width, no text of earlier
blocks carried over, so the same recording and weights give the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from machi.casework.engine.speech_models import SpeechModel
from machi.casework.engine.speech_types import RATE, Language, NotHeard, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARAMETERS: dict[str, str | int | float | bool] = {
    "beam_size": 5,
    "temperature": 0.0,
    "condition_on_previous_text": False,
    "vad_filter": True,
    "word_timestamps": True,
}
"""Of ``WhisperModel.transcribe``."""
COMPUTE = "int8"
BLOCK, TAIL = 120, 30
"""Seconds of a block, and of its end in which a pause is looked for to cut at."""


def load(model: SpeechModel, threads: int = 1) -> Any:
    """The recogniser. NotHeard("model-broken") where the weights cannot be loaded or are not what they seemed."""
    from faster_whisper import WhisperModel

    try:
        loaded = WhisperModel(
            str(model.folder),
            device="cpu",
            compute_type=COMPUTE,
            cpu_threads=threads,
            num_workers=1,
            local_files_only=True,
        )
    except Exception:
        # CTranslate2 and tokenizers raise what they like; whatever it is, this folder is of no use.
        raise NotHeard("model-broken", folder=str(model.folder)) from None
    if loaded.model.is_multilingual != model.multilingual:
        raise NotHeard("model-broken", folder=str(model.folder))
    return loaded


def recognise(
    loaded: Any,
    samples: NDArray[np.int16],
    language: Language,
    report: Callable[[float, float], None] = lambda done, total: None,
) -> Iterator[list[Word]]:
    """The words of each block that has any; ``report`` is told the seconds done and those there are.

    ``samples``: int16, one channel, ``RATE`` a second. ``language``: spoken in it; NotHeard("language") where the model
    does not know it.
    """
    import numpy as np

    if language not in loaded.supported_languages:
        raise NotHeard("language", language=language)
    total = len(samples) / RATE
    for start, end in blocks(samples):
        audio = samples[start:end].astype(np.float32) / 32768.0
        offset = start / RATE
        segments, _info = loaded.transcribe(audio, language=language, **PARAMETERS)
        words = []
        for segment in segments:
            words += [
                Word(one.word, offset + float(one.start), offset + float(one.end), float(one.probability))
                for one in segment.words or ()
            ]
            report(min(offset + float(segment.end), total), total)
        if words:
            yield words
        report(end / RATE, total)


def blocks(samples: NDArray[np.int16]) -> Iterator[tuple[int, int]]:
    """Start and end of each block, in samples: cut in the last pause near its end, or where there is none, hard."""
    import numpy as np
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    start = 0
    while len(samples) - start > BLOCK * RATE:
        end = start + BLOCK * RATE
        tail = samples[end - TAIL * RATE : end].astype(np.float32) / 32768.0
        spoken = get_speech_timestamps(tail, VadOptions(min_silence_duration_ms=300, speech_pad_ms=0))
        edges = [0, *(edge for one in spoken for edge in (one["start"], one["end"])), len(tail)]
        pauses = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
        cut = sum(pauses[-1]) // 2 if pauses else len(tail)
        yield start, end - len(tail) + cut
        start = end - len(tail) + cut
    if start < len(samples):
        yield start, len(samples)
