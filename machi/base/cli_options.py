"""What commands of every room share: how a municipality is named, how they end where an AI system may not run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from machi.base.models import Municipality

NOT_RUNNING = 3
"""Exit status where an AI system may not run."""
F = TypeVar("F", bound=Callable[..., Any])


class NotRunning(click.ClickException):
    """The AI system asked for is not approved there, or was stopped."""

    exit_code = NOT_RUNNING


def municipality_option(required: bool = True) -> Callable[[F], F]:
    """The option that names a municipality."""
    return click.option(
        "--municipality", "-m", "code", required=required, help="Municipality code, six digits (e.g. 142123)."
    )


def the_municipality(code: str) -> Municipality:
    """The municipality named on the command line; a clear error where there is none."""
    municipality = Municipality.objects.filter(code=code).first()
    if municipality is None:
        raise click.ClickException(f"no municipality has the code {code} (six digits, check digit included)")
    return municipality
