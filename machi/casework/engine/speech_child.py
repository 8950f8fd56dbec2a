"""The child process of ``speech_isolated``: ``python -m ... OPTIONS SECONDS MEMORY``, the recording on stdin, a JSON
object a line on stdout: the sound, how far it is, the words of each block, the parameters at the end; or a refusal.

Its memory and processor time are bounded before the first byte is read.
"""

import dataclasses
import json
import resource
import sys
from pathlib import Path
from typing import Any

from machi.casework.engine import speech
from machi.casework.engine.speech_audio import decoded
from machi.casework.engine.speech_isolated import A_SECOND, DECODING, OUT_OF_BOUNDS
from machi.casework.engine.speech_models import SpeechModel
from machi.casework.engine.speech_types import AudioLimits, NotHeard, Sound


def main(options: str, seconds: str, memory: str) -> int:
    given = json.loads(options)
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (min(DECODING, int(seconds)), int(seconds)))
    try:
        try:
            _listen(given, int(seconds))
        except NotHeard as refused:
            _tell(refused=refused.key, arguments=dict(refused.arguments))
    except MemoryError:
        return OUT_OF_BOUNDS
    return 0


def _listen(given: dict[str, Any], seconds: int) -> None:
    limits = AudioLimits(**given["limits"])
    data = sys.stdin.buffer.read(limits.size + 1)
    if len(data) > limits.size:
        raise NotHeard("too-large", megabytes=limits.size // 1_000_000)
    samples, sound = decoded(data, limits, given.get("first", 0))
    del data
    _tell(sound=dataclasses.asdict(sound))
    if "model" not in given:
        return
    _allow(sound, given["threads"], seconds)
    model = SpeechModel(**{**given["model"], "folder": Path(given["model"]["folder"])})
    loaded = speech.load(model, given["threads"])
    for words in speech.recognise(
        loaded, samples, given["language"], lambda done, total: _tell(done=done, total=total)
    ):
        _tell(words=[dataclasses.astuple(one) for one in words])
    _tell(parameters={**speech.PARAMETERS, "compute_type": speech.COMPUTE, "threads": given["threads"]})


def _allow(sound: Sound, threads: int, seconds: int) -> None:
    """More processor time, now that it is known how long the recording is."""
    more = DECODING + int(A_SECOND * sound.seconds * threads)
    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
    resource.setrlimit(resource.RLIMIT_CPU, (min(used + more, seconds), seconds))


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
