"""Servers that start together on one home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.once
@pytest.mark.timeout(300)
def test_two_set_up_the_same_home_at_once(tmp_path: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if name != "MACHI_DATABASE"}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "machi", "setup"],
            env={**inherited, "MACHI_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
