"""Programmes and subsidies, and cost-and-benefit sheets: from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
"""Below ``machi joint``."""
