"""``open_file`` in a process of its own: PDFium and the picture decoders are native code, and a hostile file may
exhaust or crash the child, never the server.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

from machi.casework.engine.intake import LIMITS
from machi.casework.engine.intake_codec import decode
from machi.casework.engine.intake_types import Hostile, Limits, Opened, Refused, Unreadable

log = logging.getLogger(__name__)

SECONDS = 60
"""Processor time of the child."""
MEMORY = 3_000_000_000
"""Its address space, bytes."""
OUT_OF_BOUNDS = 77
"""Its exit status where memory ran out."""


def open_isolated(
    name: str, data: bytes, limits: Limits = LIMITS, *, seconds: int = SECONDS, memory: int = MEMORY
) -> Opened:
    """As ``open_file``; raises ``Hostile("too-costly")`` where it takes too long or too much, or the child dies."""
    if not data:
        raise Unreadable("empty")
    if len(data) > limits.size:
        raise Unreadable("too-large", limit=limits.size)
    options = json.dumps({"name": name, "limits": {k: getattr(limits, k) for k in limits.__slots__}})
    try:
        # Our own interpreter with arguments as a list: no shell, no name looked up.
        child = subprocess.run(
            [
                sys.executable,
                "-m",
                "machi.casework.engine.intake_child",
                options.encode("utf-8", "replace").decode(),
                str(seconds),
                str(memory),
            ],
            input=data,
            capture_output=True,
            timeout=3 * seconds + 10,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Hostile("too-costly") from None
    if child.returncode == 0:
        try:
            return decode(child.stdout)
        except Refused:
            raise
        except (ValueError, KeyError, TypeError):
            log.exception("what came of opening a file makes no sense")
            raise Unreadable("broken") from None
    log.warning(
        "opening a file ended with %d: %s", child.returncode, child.stderr[-2000:].decode(errors="replace")
    )
    raise (
        Hostile("too-costly")
        if child.returncode < 0 or child.returncode == OUT_OF_BOUNDS
        else Unreadable("broken")
    )
