"""Draws the public names and places that ``personal_information.py`` makes its sentences of.

    pip install japanese-personal-name-dataset && python bench/draw_personal_data.py

Writes ``bench/data/personal_names.csv`` (surnames and given names with readings: japanese-personal-name-dataset
0.4.0, MIT) and ``bench/data/personal_towns.csv`` (municipality and quarter of designated shelters: Geospatial
Information Authority of Japan). Some of each are for developing (dev) and others for measuring (test); a municipality
is in one part only. House numbers are not kept: they are made up.
"""

import csv
import gzip
import itertools
import random
import re
from importlib.resources import files
from pathlib import Path

from answer_corpora import DATA

TARGET = Path(__file__).parent / "data"
PACKAGE = "japanese_personal_name_dataset"
COUNTS = {"dev": 800, "test": 700}
_PLACE = re.compile(
    r"(?P<municipality>.+?[都道府県].{1,6}?[市区町村](?:.{1,3}区)?)(?P<town>[^0-9０-９]{1,14}?)(?=[0-9０-９])"
)


def names(chance: random.Random) -> list[tuple[str, str, str, str]]:
    folder = files(PACKAGE) / "dataset"
    with (folder / "last_name_org.csv").open(encoding="utf-8") as file:
        surnames = [(row[0], row[2]) for row in csv.reader(file)]
    given = set()
    for name in ("first_name_man_org.csv", "first_name_woman_org.csv"):
        with (folder / name).open(encoding="utf-8") as file:
            for reading, _, *written in csv.reader(file):
                given.add((chance.choice(written), reading))
    rows = []
    for role, pool in (("surname", sorted(surnames)), ("given", sorted(given))):
        drawn = iter(chance.sample(pool, sum(COUNTS.values())))
        for part, count in COUNTS.items():
            rows += [(part, role, *next(drawn)) for _ in range(count)]
    return rows


def towns(chance: random.Random) -> list[tuple[str, str, str]]:
    with gzip.open(
        DATA / "shelters" / "gsi_evacuation_2025-10-27.csv.gz", "rt", encoding="utf-8-sig"
    ) as file:
        matches = [_PLACE.match(row["住所"]) for row in csv.DictReader(file)]
    pairs = sorted({(m["municipality"], m["town"]) for m in matches if m})
    municipalities = chance.sample(sorted({municipality for municipality, _ in pairs}), 1_400)
    halves = dict(zip(municipalities, itertools.cycle(COUNTS), strict=False))
    rows = []
    for part, count in COUNTS.items():
        own = [pair for pair in pairs if halves.get(pair[0]) == part]
        rows += [(part, *pair) for pair in chance.sample(own, count)]
    return rows


def main() -> None:
    chance = random.Random(20261123)
    for name, header, rows in (
        ("personal_names.csv", ("part", "role", "written", "reading"), names(chance)),
        ("personal_towns.csv", ("part", "municipality", "town"), towns(chance)),
    ):
        with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


if __name__ == "__main__":
    main()
