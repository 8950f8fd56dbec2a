"""Fills the register of municipalities from the data that comes with machi."""

import csv
from importlib.resources import files

from django.db import transaction

from machi.base.engine.romaji import municipality_name_en
from machi.base.models import Municipality, Prefecture


@transaction.atomic
def load_register() -> int:
    """Writes all prefectures and municipalities, keeping what a town has set itself; how many municipalities."""
    with (files("machi.base") / "data" / "prefectures.csv").open(encoding="utf-8") as file:
        Prefecture.objects.bulk_create(
            [
                Prefecture(code=row["code"], name=row["name"], kana=row["kana"], name_en=row["name_en"])
                for row in csv.DictReader(file)
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "kana", "name_en"],
        )
    prefectures = {prefecture.name: prefecture for prefecture in Prefecture.objects.all()}
    with (files("machi.base") / "data" / "municipalities.csv").open(encoding="utf-8") as file:
        towns = [
            Municipality(
                code=row["code"],
                prefecture=prefectures[row["prefecture"]],
                name=row["name"],
                kana=row["kana"],
                name_en=municipality_name_en(row["name"], row["kana"]),
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                website=row["url"],
            )
            for row in csv.DictReader(file)
            if row["kind"] != "ward"
        ]
    Municipality.objects.bulk_create(
        towns,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["prefecture", "name", "kana", "name_en", "latitude", "longitude", "website"],
    )
    return len(towns)
