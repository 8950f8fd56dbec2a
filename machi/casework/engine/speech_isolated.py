"""Listening in a process of its own: decoders and recogniser are native code, and a hostile recording may exhaust or
crash the child, never the server. What it takes of memory is given back when it ends.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from machi.casework.engine.speech_lines import lines
from machi.casework.engine.speech_models import SpeechModel, has_extra
from machi.casework.engine.speech_types import AudioLimits, Heard, Language, NotHeard, Sound, Word

log = logging.getLogger(__name__)

LIMITS = AudioLimits()
DECODING = 300
"""Seconds of processor time for decoding alone."""
A_SECOND = 30
"""Seconds of processor time for a second of speech: the largest model on the slowest machine takes some ten."""
MEMORY = 4_000_000_000
"""Its address space, bytes, besides four times the weights."""
FIRST = 20
"""Seconds that are decoded to see whether a file can be heard at all."""
OUT_OF_BOUNDS = 77
"""Its exit status where memory ran out."""
_SILENCED = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TRANSFORMERS_OFFLINE": "1"}
"""A second lock behind ``speech_models``: even asked, the hub's client would not open a connection."""


def look(recording: Iterable[bytes], limits: AudioLimits = LIMITS, *, memory: int = MEMORY) -> Sound:
    """What kind it is and whether its beginning can be decoded (``seconds``: of that beginning). NotHeard where not."""
    if not has_extra():
        raise NotHeard("no-extra")
    for told in _child(recording, {"limits": _plain(limits), "first": FIRST}, 60, memory):
        if "sound" in told:
            return Sound(**told["sound"])
    raise NotHeard("broken")


def hear(
    recording: Iterable[bytes],
    model: SpeechModel,
    language: Language,
    *,
    limits: AudioLimits = LIMITS,
    threads: int = 1,
    report: Callable[[float, float], None] = lambda done, total: None,
) -> Heard:
    """Everything that was said. ``recording``: the file, in pieces. ``report`` is told the seconds done and those there
    are. NotHeard, with its key, where it cannot be heard; "too-costly" where it takes too long or too much, or the
    child dies."""
    options = {
        "limits": _plain(limits),
        "model": {**_plain(model), "folder": str(model.folder)},
        "language": language,
        "threads": threads,
    }
    seconds = DECODING + A_SECOND * limits.seconds * threads
    sound: Sound | None = None
    words: list[Word] = []
    for told in _child(recording, options, seconds, MEMORY + 4 * model.size):
        if "done" in told:
            report(told["done"], told["total"])
        elif "words" in told:
            words += [Word(*one) for one in told["words"]]
        elif "sound" in told:
            sound = Sound(**told["sound"])
        elif "parameters" in told and sound is not None:
            return Heard(sound, tuple(lines(words)), told["parameters"])
    raise NotHeard("broken")


def _child(
    recording: Iterable[bytes], options: dict[str, Any], seconds: int, memory: int
) -> Iterator[dict[str, Any]]:
    """What the child tells, a JSON object a line; raises its refusal."""
    argv = ["-m", "machi.casework.engine.speech_child", json.dumps(options), str(seconds), str(memory)]
    with (
        tempfile.TemporaryFile() as complaints,
        # Our own interpreter with arguments as a list: no shell, no name looked up.
        subprocess.Popen(
            [sys.executable, *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**os.environ, **_SILENCED, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stdout is not None
        watch = threading.Timer(3 * seconds + 10, child.kill)
        watch.start()
        try:
            # It says nothing before it has read all: no pipe can fill up on either side.
            try:
                for piece in recording:
                    child.stdin.write(piece)
                child.stdin.close()
            except BrokenPipeError:
                pass  # it ended early; its exit status says why
            for line in child.stdout:
                told = json.loads(line)
                if "refused" in told:
                    raise NotHeard(told["refused"], **told["arguments"])
                yield told
        except BaseException:
            child.kill()
            raise
        finally:
            watch.cancel()
        if child.wait() != 0:
            complaints.seek(0)
            said = complaints.read()[-2000:].decode(errors="replace")
            log.warning("listening to a recording ended with %d: %s", child.returncode, said)
            raise NotHeard(
                "too-costly" if child.returncode < 0 or child.returncode == OUT_OF_BOUNDS else "broken"
            )


def _plain(one: AudioLimits | SpeechModel) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}
