"""The child process of ``intake_isolated``: ``python -m ... OPTIONS SECONDS MEMORY``, the file on stdin.

Its memory and processor time are bounded before the first byte is read.
"""

import json
import resource
import sys

from machi.casework.engine.intake import open_file
from machi.casework.engine.intake_codec import encode
from machi.casework.engine.intake_isolated import OUT_OF_BOUNDS
from machi.casework.engine.intake_types import Limits, Opened, Refused


def main(options: str, seconds: str, memory: str) -> int:
    given = json.loads(options)
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    result: Opened | Refused
    try:
        try:
            result = open_file(given["name"], sys.stdin.buffer.read(), Limits(**given["limits"]))
        except Refused as refused:
            result = refused
        sys.stdout.buffer.write(encode(result))
    except MemoryError:
        return OUT_OF_BOUNDS
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
