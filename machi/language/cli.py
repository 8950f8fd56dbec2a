"""Commands of the language room: `machi personal check`."""

from __future__ import annotations

import json
from typing import IO

import click

from machi.language.engine.personal import PERSONAL, Found, Kind, find, mask


@click.group()
def personal() -> None:
    """Personal information in texts."""


@personal.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in Kind]),
    help="Only this kind; may be repeated.",
)
@click.option("--mask", "masked", is_flag=True, help="Print the text with what was found covered.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
def check(file: IO[bytes], kinds: tuple[str, ...], masked: bool, as_json: bool) -> None:
    """Say where FILE (UTF-8 text; - for standard input) holds personal information.

    Prints places and kinds, never the information itself. The exit code is 1 if anything was found.
    """
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException("not a UTF-8 text; `machi sources` reads Word, Excel and PDF") from None
    found = find(text, frozenset(map(Kind, kinds)) or PERSONAL)
    if masked:
        click.echo(mask(text, found), nl=not text.endswith("\n"))
    else:
        for one in found:
            click.echo(json.dumps(_place(text, one)) if as_json else _line(text, one))
    raise SystemExit(1 if found else 0)


def _place(text: str, one: Found) -> dict[str, object]:
    line = text.count("\n", 0, one.start) + 1
    column = one.start - text.rfind("\n", 0, one.start)
    return {
        "kind": one.kind.value,
        "line": line,
        "column": column,
        "start": one.start,
        "end": one.end,
        "score": one.score,
        "reason": one.reason,
    }


def _line(text: str, one: Found) -> str:
    place = _place(text, one)
    return f"{place['line']}:{place['column']}: {one.kind.value} ({one.end - one.start} characters): {one.reason}"


commands = (personal,)
