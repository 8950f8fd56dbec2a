"""Calls for joint projects: proposals, screening, reviews, ranking, selection, letters: from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
"""Below ``machi joint``."""
