"""``machi learning generate``: a consortium of many towns that learn together, for trying things out at size."""

import click
from django.conf import settings

from machi.learning.sample.generated import consortium_of


@click.command()
@click.option("--towns", default=52, show_default=True, help="How many towns of the register take part.")
@click.option("--seed", default=1, show_default=True)
def generate(towns: int, seed: int) -> None:
    """Make a consortium of real towns with generated learners, cases and answers (sample mode only)."""
    if not settings.MACHI_SAMPLE:
        raise click.ClickException(
            "MACHI_SAMPLE=1 でだけ使えます。実在の自治体の名前で、作り物のデータを入れるためです。"
        )
    consortium = consortium_of(towns, seed)
    click.echo(f"{consortium.name}: {towns} 自治体")
