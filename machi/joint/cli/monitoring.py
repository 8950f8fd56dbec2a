"""Joint projects under way: milestones, figures, reports, model sheets, mentoring: from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
"""Below ``machi joint``."""
