"""Exercises that check themselves, the practice room, spaced review, from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
