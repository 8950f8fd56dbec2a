"""Shared staff and external experts: needs, registration, matching, agreements: from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
"""Below ``machi joint``."""
