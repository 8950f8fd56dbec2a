"""Welfare places across towns: wishes, allocation, letters: from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
"""Below ``machi joint``."""
