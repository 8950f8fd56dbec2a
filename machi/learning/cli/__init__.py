"""``machi learning``: courses, cases, seminars and surveys, from the command line."""

import click

from machi.learning.cli import cases, courses, discussion, exercises, follow_up, seminars, surveys
from machi.learning.cli.generated import generate


@click.group()
def learning() -> None:
    """Learning together: courses, cases, discussion, seminars, surveys."""


learning.add_command(generate)
for subject in (courses, exercises, cases, discussion, follow_up, seminars, surveys):
    for command in subject.commands:
        learning.add_command(command)

commands = (learning,)
