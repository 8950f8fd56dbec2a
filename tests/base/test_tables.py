"""A new installation's tables are those that the migrations make."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

Shape = dict[str, object]


def made(home: Path, *command: str) -> Shape:
    """Every table with its columns, checks and indexes, after ``command`` in a new home."""
    home.mkdir()
    inherited = {name: value for name, value in os.environ.items() if name != "MACHI_DATABASE"}
    subprocess.run(
        [sys.executable, *command],
        env={**inherited, "MACHI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "machi.site.settings"},
        check=True,
        capture_output=True,
    )
    with sqlite3.connect(home / "machi.sqlite3") as database:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        return {
            "applied": sorted(database.execute("SELECT app, name FROM django_migrations")),
            **{
                table: (
                    sorted(row[1:4] for row in database.execute(f"PRAGMA table_info({table})")),
                    sorted(row[2:5] for row in database.execute(f"PRAGMA foreign_key_list({table})")),
                    sorted(
                        _index(database, row[1], row[2])
                        for row in database.execute(f"PRAGMA index_list({table})")
                    ),
                    sorted(checks(database, table)),
                )
                for table in tables
            },
        }


def _index(database: sqlite3.Connection, name: str, unique: int) -> tuple[object, ...]:
    columns = tuple(str(row[2]) for row in database.execute(f"PRAGMA index_info({name})"))
    return (unique, columns)


def checks(database: sqlite3.Connection, table: str) -> list[str]:
    """Names of the table's constraints."""
    (sql,) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
    return [part.split('"')[0] for part in sql.split('CONSTRAINT "')[1:]]


@pytest.mark.long
@pytest.mark.once
@pytest.mark.timeout(300)
def test_tables_made_at_one_go_are_those_of_the_migrations(tmp_path: Path) -> None:
    at_once = made(tmp_path / "once", "-m", "machi", "setup")
    step_by_step = made(tmp_path / "steps", "-m", "django", "migrate", "-v", "0")
    at_once.pop("base_cache", None)  # createcachetable's
    assert at_once.keys() == step_by_step.keys()
    assert {name for name in at_once if at_once[name] != step_by_step[name]} == set()
