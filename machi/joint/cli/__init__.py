"""``machi joint``: what towns do together, from the command line."""

import click

from machi.joint.cli import calls, experts, funding, monitoring, partners, places, procurement, tourism
from machi.joint.cli.generated import generate


@click.group()
def joint() -> None:
    """What towns do together: projects, partners, procurement, experts, welfare places, tourism."""


joint.add_command(generate)
for subject in (calls, monitoring, funding, partners, procurement, experts, places, tourism):
    for command in subject.commands:
        joint.add_command(command)

commands = (joint,)
