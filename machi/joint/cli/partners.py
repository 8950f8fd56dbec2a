"""Partners, cost models, blocks of towns: from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
"""Below ``machi joint``."""
