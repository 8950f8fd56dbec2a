"""Commands of applications."""

import click

commands: tuple[click.Command, ...] = ()
