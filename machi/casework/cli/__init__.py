"""``machi casework``: applications and permits, drafts, summaries, minutes, from the command line."""

import click

from machi.casework.cli import applications, drafting, exchange


@click.group()
def casework() -> None:
    """Applications and permits; drafts, summaries, minutes."""


for subject in (applications, exchange, drafting):
    for command in subject.commands:
        casework.add_command(command)

commands = (casework,)
