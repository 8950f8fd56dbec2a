"""Surveys and the self-assessment of AI maturity, from the command line."""

from collections.abc import Sequence

import click

commands: Sequence[click.Command] = ()
