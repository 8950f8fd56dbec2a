"""`machi`: the command line. Each room adds its own commands (``RoomConfig.commands``)."""

import os
import sys

import click


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.site.settings")
    import django

    django.setup()

    from machi import __version__
    from machi.base.cli_options import NOT_RUNNING
    from machi.base.rooms import rooms
    from machi.base.running import NotApproved

    @click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
    @click.version_option(__version__, prog_name="machi")
    def machi() -> None:
        """machi: one AI and data platform that many municipalities run together."""

    for room in rooms():
        for command in room.load_commands():
            machi.add_command(command)
    try:
        machi(prog_name="machi")
    except NotApproved as refused:  # of a command that did not say so itself
        click.echo(f"Error: {refused.message}", err=True)
        sys.exit(NOT_RUNNING)
