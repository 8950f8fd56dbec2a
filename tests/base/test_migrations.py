"""The migrations make what the models say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.once
def test_no_model_is_ahead_of_its_migrations(tmp_path: Path) -> None:
    """In a process of its own: the tests themselves run without migrations (``bin/test``)."""
    inherited = {name: value for name, value in os.environ.items() if name != "MACHI_DATABASE"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        env={**inherited, "MACHI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "machi.site.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
