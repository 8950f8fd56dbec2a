"""Draws the public names and places that ``personal_information.py`` makes its sentences of.

    pip install japanese-personal-name-dataset && python bench/draw_personal_data.py

Writes ``bench/data/personal_names.csv`` (surnames and given names with readings: japanese-personal-name-dataset
0.4.0, MIT) and ``bench/data/personal_towns.csv`` (municipality and quarter of designated shelters: Geospatial
Information Authority of Japan). Half of each is for developing (dev) and half for measuring (test); a municipality
is in one half only. House numbers are not kept: they are made up.
"""

import csv
import gzip
import random
import re
from importlib.resources import files
from pathlib import Path

from answer_corpora import DATA

TARGET = Path(__file__).parent / "data"
PACKAGE = "japanese_personal_name_dataset"
SURNAMES, GIVEN, TOWNS = 1_200, 1_200, 1_200
_PLACE = re.compile(
    r"(?P<municipality>.+?[都道府県].{1,6}?[市区町村](?:.{1,3}区)?)(?P<town>[^0-9０-９]{1,14}?)(?=[0-9０-９])"
)


def part(index: int) -> str:
    return "test" if index % 2 else "dev"


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
        drawn = chance.sample(pool, SURNAMES if role == "surname" else GIVEN)
        rows += [(part(index), role, written, reading) for index, (written, reading) in enumerate(drawn)]
    return rows


def towns(chance: random.Random) -> list[tuple[str, str, str]]:
    with gzip.open(
        DATA / "shelters" / "gsi_evacuation_2025-10-27.csv.gz", "rt", encoding="utf-8-sig"
    ) as file:
        matches = [_PLACE.match(row["住所"]) for row in csv.DictReader(file)]
    pairs = sorted({(m["municipality"], m["town"]) for m in matches if m})
    municipalities = sorted({municipality for municipality, _ in pairs})
    halves = {municipality: part(chance.randrange(2)) for municipality in municipalities}
    return [(halves[municipality], municipality, town) for municipality, town in chance.sample(pairs, TOWNS)]


def main() -> None:
    chance = random.Random(20261122)
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
