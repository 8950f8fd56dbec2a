"""How well recordings become transcripts: word errors, what the mark of doubt is worth, and how long it takes.

    python bench/transcripts.py [--json]

36 sentences of town meetings (``bench/data/spoken_sentences.txt``, written before any of them was spoken), each spoken
by four voices of flite (Debian package), then heard by the English weights that come with the extra ``speech``, through
the isolated child that the server uses, beside PocketSphinx with the English model of its package. Each voice speaks
the sentences as one recording with pauses between; PocketSphinx hears the same samples in one piece.

``word_error_rate``: (substituted + left out + put in) / words spoken, in lower case, without punctuation, numbers and
titles written as words. ``marked_wrong``: of the sentences heard with an error, those with a line that carries the mark
of doubt; ``marked_right``: of those heard without, those that carry it all the same. ``effort``: seconds of processor
time for a second of speech, the start of the child and the loading of the weights included; on one thread. ``silence``,
``noise``, ``hum``: words written for a minute of nothing, of white noise, and of 50 Hz.

Synthetic voices are no meeting: nobody interrupts, coughs or sits far from the microphone. Japanese is not measured: no
package holds Japanese weights.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.casework.engine import speech_models
from machi.casework.engine.speech_audio import wav
from machi.casework.engine.speech_isolated import hear
from machi.casework.engine.speech_types import RATE, Line

SENTENCES = (Path(__file__).parent / "data" / "spoken_sentences.txt").read_text("utf-8").splitlines()
VOICES = ("slt", "rms", "awb", "kal16")
PAUSE = 2
"""Seconds between two sentences."""
_DIGITS = {
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
    "9": "nine", "30": "thirty", "50": "fifty", "65": "sixty five", "200": "two hundred", "300": "three hundred",
    "1st": "first", "2nd": "second", "mr": "mister", "%": " percent", "center": "centre",
}  # fmt: skip
"""The ways in which the same words may be written."""


def words(text: str) -> list[str]:
    plain = re.sub(r"[^a-z0-9%' ]", " ", text.lower().replace("%", " % ")).replace("'", "")
    return " ".join(_DIGITS.get(one, one) for one in plain.split()).split()


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein distance in words."""
    row = list(range(len(heard) + 1))
    for i, one in enumerate(said, 1):
        above, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (one != other))
    return row[-1]


def spoken(text: str, voice: str, folder: Path) -> NDArray[np.int16]:
    """Samples at ``RATE``."""
    path = folder / f"{voice}.wav"
    flite = shutil.which("flite")
    if flite is None:
        sys.exit("flite is not installed: bin/setup dev")
    subprocess.run([flite, "-voice", voice, "-t", text, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def recording(voice: str, folder: Path) -> tuple[NDArray[np.int16], list[tuple[float, float]]]:
    """All sentences with pauses between, and the seconds at which each stands."""
    parts: list[NDArray[np.int16]] = []
    places = []
    at = 0
    for sentence in SENTENCES:
        one = spoken(sentence, voice, folder)
        places.append((at / RATE, (at + len(one)) / RATE))
        parts += [one, np.zeros(PAUSE * RATE, np.int16)]
        at += len(one) + PAUSE * RATE
    return np.concatenate(parts), places


def by_sentence(lines: Sequence[Line], places: Sequence[tuple[float, float]]) -> list[list[Line]]:
    """The lines that stand within each sentence's time (and half the pause around it)."""
    edges = [start - PAUSE / 2 for start, _end in places] + [float("inf")]
    return [
        [one for one in lines if low <= (one.start + one.end) / 2 < high]
        for low, high in itertools.pairwise(edges)
    ]


def machi(samples: NDArray[np.int16]) -> tuple[tuple[Line, ...], float]:
    model = speech_models.find("")
    begun = _of_children()
    heard = hear([wav(samples.tobytes())], model, "en")
    return heard.lines, _of_children() - begun


def _of_children() -> float:
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def sphinx(samples: NDArray[np.int16]) -> tuple[str, float]:
    from pocketsphinx import Decoder

    begun = time.process_time()
    decoder = Decoder(loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return (found.hypstr if found else ""), time.process_time() - begun


def nothing() -> dict[str, int]:
    """Words written for a minute in which nobody speaks."""
    random, minute = np.random.default_rng(0), 60 * RATE
    hum = np.sin(np.arange(minute) * 2 * np.pi * 50 / RATE) * 6000
    return {
        name: sum(len(words(one.text)) for one in machi(samples.astype(np.int16))[0])
        for name, samples in (
            ("silence", np.zeros(minute)),
            ("noise", random.normal(0, 3000, minute)),
            ("hum", hum),
        )
    }


def measured() -> dict[str, Any]:
    voices: dict[str, Any] = {}
    total = {
        "words": 0,
        "machi": 0,
        "sphinx": 0,
        "wrong": 0,
        "wrong_marked": 0,
        "right": 0,
        "right_marked": 0,
    }
    seconds = {"speech": 0.0, "machi": 0.0, "sphinx": 0.0}
    with tempfile.TemporaryDirectory() as folder:
        for voice in VOICES:
            samples, places = recording(voice, Path(folder))
            said = [word for one in SENTENCES for word in words(one)]
            lines, took = machi(samples)
            other, took_other = sphinx(samples)
            ours = errors(said, [word for one in lines for word in words(one.text)])
            theirs = errors(said, words(other))
            for sentence, own in zip(SENTENCES, by_sentence(lines, places), strict=True):
                right = words(sentence) == [word for one in own for word in words(one.text)]
                marked = any(one.unsure for one in own)
                total["right" if right else "wrong"] += 1
                total["right_marked" if right else "wrong_marked"] += marked
            voices[voice] = {
                "word_error_rate": round(ours / len(said), 4),
                "pocketsphinx": round(theirs / len(said), 4),
            }
            total["words"] += len(said)
            total["machi"] += ours
            total["sphinx"] += theirs
            seconds["speech"] += len(samples) / RATE
            seconds["machi"] += took
            seconds["sphinx"] += took_other
    return {
        "sentences": len(SENTENCES),
        "words": total["words"],
        "voices": voices,
        "word_error_rate": round(total["machi"] / total["words"], 4),
        "pocketsphinx_word_error_rate": round(total["sphinx"] / total["words"], 4),
        "right_sentences": total["right"],
        "wrong_sentences": total["wrong"],
        "marked_wrong": round(total["wrong_marked"] / total["wrong"], 4),
        "marked_right": round(total["right_marked"] / total["right"], 4),
        "speech_seconds": round(seconds["speech"]),
        "effort": round(seconds["machi"] / seconds["speech"], 4),
        "pocketsphinx_effort": round(seconds["sphinx"] / seconds["speech"], 4),
        **nothing(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    result = measured()
    if given.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name, figure in result.items():
        print(f"{name:<30} {figure}")


if __name__ == "__main__":
    main()
