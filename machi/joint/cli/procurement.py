"""Joint procurement: demand, lots, evaluation, award, who pays what: from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
"""Below ``machi joint``."""
