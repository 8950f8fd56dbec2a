"""Follow-up: plans, check-ins, use in real work, effect, from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
