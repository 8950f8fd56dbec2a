"""Seminars, from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
