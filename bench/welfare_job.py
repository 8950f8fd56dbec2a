"""Time of the whole job that allocates places: from applications in the database to results, reasons and letters.

    python bench/welfare_job.py [--applicants 10000] [--facilities 500] [--towns 10] [--json]

The market of ``welfare_places.py`` (six age classes, brothers and sisters, agreements with quotas, points with ties) is
written into a database of its own, through models as towns' lists are taken in, with names and circumstances encrypted;
the round is closed, and the job runs as a worker runs it: reads every town's families in that town's scope, solves,
goes through the steps again with the second program, writes each applicant's result and reasons, and an entry in each
town's ledger. Then every town's head confirms, and the largest town's first file of letters is made.

Keys of ``--json`` (seconds of wall clock):

* ``filled_s`` writing the market; ``closed_s`` closing the round
* ``read_s``, ``solve_s``, ``check_s``, ``store_s`` steps of the job, ``job_s`` all of it
* ``confirmed_s`` confirming by all towns; ``letters_s`` one file of ``letters`` letters as PDF
* ``applicants``, ``facilities``, ``towns``, ``placed``, ``unmet``, ``sound`` as the job's summary has them
* ``entries`` ledger entries the job wrote; ``progress`` how often it told how far it had come
"""

import argparse
import json
import os
import tempfile
from datetime import timedelta
from time import perf_counter
from typing import Any

from welfare_places import problem_of

from machi.joint.engine.welfare import Problem

NAMES = ("佐藤 葵", "鈴木 蓮", "高橋 陽葵", "田中 湊", "伊藤 凛")


def fill(problem: Problem, towns: int) -> Any:
    """A closed round with everything of the problem in it, the lots drawn."""
    from django.utils import timezone

    from machi.base.domain.register import load_register
    from machi.base.domain.towns import members
    from machi.base.models import Person, Role
    from machi.base.sample_generated import members_only
    from machi.base.scoping import in_consortium, in_municipality
    from machi.governance.models import RegisteredSystem
    from machi.joint.apps import JointConfig
    from machi.joint.domain import places as rounds
    from machi.joint.domain.places_allocation import ALLOCATION
    from machi.joint.domain.places_families import circumstances
    from machi.joint.domain.places_import import Family, store
    from machi.joint.domain.places_kinds import Item, Tie
    from machi.joint.domain.places_supply import put_table
    from machi.joint.models import PlaceAgreement, PlaceFacility

    load_register()
    consortium = members_only(towns)
    found = list(members(consortium))
    town_of = dict(zip(sorted(problem.rules), found, strict=True))
    office = Person.objects.get(appointments__role=Role.JOINT_OFFICE)
    (system,) = (one for one in JointConfig.ai_systems if one.key == ALLOCATION)
    items = [
        Item("work", "就労", 10, 9),
        Item("single_parent", "ひとり親", 15),
        Item("sibling_here", "きょうだいがいる", 12, at=True),
        Item("income", "所得の階層", 0, 20),
    ]
    with in_consortium(consortium):
        with in_municipality(found[0]):
            starts = timezone.localdate() + timedelta(days=90)
            given = {"kind": "childcare", "title": "10,000人", "year": starts.year, "starts_on": starts}
            given["deadline"] = timezone.localdate()
            about = rounds.begin(consortium, found[0], office, given, classes=[str(age) for age in range(6)])
        places = PlaceFacility.objects.bulk_create(
            PlaceFacility(
                consortium=consortium,
                round=about,
                town=town_of[one.town],
                code=one.id,
                name=one.id,
                seats={label: number for label, number in one.seats.items() if number},
                flexible=one.flexible,
                shared=sorted(one.shared) if one.flexible else [],
                area=f"{at % 5}",
            )
            for at, one in enumerate(problem.facilities)
        )
        key = {one.code: one.pk for one in places}
        PlaceAgreement.objects.bulk_create(
            PlaceAgreement(
                consortium=consortium,
                round=about,
                host=town_of[host],
                home=town_of[home],
                equal=one.band == 0,
                quota=one.quota,
                agreed_at=timezone.now(),
            )
            for host, rules in problem.rules.items()
            for home, one in rules.agreements.items()
        )
        for name, town in town_of.items():
            with in_municipality(town):
                RegisteredSystem.objects.create(
                    municipality=town, key=ALLOCATION, state="approved", version=system.version
                )
                put_table(about, town, office, items, [Tie("single_parent"), Tie("income", higher=False)])
                families = [
                    Family(
                        f"{at:05}",
                        NAMES[at % 5],
                        f"{town.name}本町{at}番",
                        household.together.value,
                        household.partly,
                        [
                            {
                                "name": NAMES[at % 5],
                                "class_label": one.class_,
                                "wishes": [key[place] for place in one.wishes],
                                "circumstances": circumstances(
                                    one.facts,
                                    {str(key[place]): here for place, here in one.facts_at.items()},
                                ),
                            }
                            for one in household.members
                        ],
                    )
                    for at, household in enumerate(problem.households)
                    if household.members[0].town == name
                ]
                store(about, town, families)
    return about, found, office


def measure(applicants: int, facilities: int, towns: int) -> dict[str, Any]:
    from machi.base.engine.letters import to_pdf
    from machi.base.models import LedgerEntry, Person, Progress, Role
    from machi.base.scoping import every_municipality, in_consortium, in_municipality
    from machi.joint.domain import places as rounds
    from machi.joint.domain import places_allocation as allocating
    from machi.joint.domain import places_confirming as confirming
    from machi.joint.domain.places_letters import letters
    from machi.joint.models import PlaceAllocation, PlaceOffer

    took: dict[str, Any] = {}
    start = perf_counter()

    def over(name: str) -> None:
        nonlocal start
        took[f"{name}_s"], start = perf_counter() - start, perf_counter()

    about, found, office = fill(problem_of(applicants, facilities, towns), towns)
    over("filled")
    told = 0

    def counted(*_args: Any, **_more: Any) -> None:
        nonlocal told
        told += 1

    from django.db.models.signals import post_save

    post_save.connect(counted, sender=Progress)
    with in_consortium(about.consortium), in_municipality(found[0]):
        rounds.close(about, found[0], office)
        about.refresh_from_db()
        over("closed")
        with every_municipality():
            before = LedgerEntry.objects.count()
        started = allocating.start(about, found[0], office, trial=False)
        made = PlaceAllocation.objects.select_related("round", "office", "by", "consortium").get(
            pk=started.pk
        )
        allocating.run(made)
        over("job")
        with every_municipality():
            entries = LedgerEntry.objects.count() - before
    assert made.state == PlaceAllocation.State.DONE, made.why
    for town in found:
        head = Person.objects.get(appointments__role=Role.MANAGER, appointments__municipality=town)
        with in_consortium(about.consortium), in_municipality(town):
            confirming.confirm(made, town, head)
    over("confirmed")
    with in_consortium(about.consortium):
        about.refresh_from_db()
        homes = list(PlaceOffer.objects.filter(allocation=made).values_list("home_id", flat=True))
        largest = max(found, key=lambda town: homes.count(town.pk))
        start = perf_counter()
        with in_municipality(largest):
            written = letters(about, largest)
            to_pdf(written)
        over("letters")
    return {
        **took,
        **{f"{name}_s": seconds for name, seconds in made.summary["seconds"].items()},
        **{name: made.summary[name] for name in ("applicants", "placed", "unmet", "sound")},
        "facilities": facilities,
        "towns": towns,
        "letters": len(written),
        "entries": entries,
        "progress": told,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--applicants", type=int, default=10_000)
    parser.add_argument("--facilities", type=int, default=500)
    parser.add_argument("--towns", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="machi-bench-") as home:
        os.environ |= {"MACHI_HOME": home, "DJANGO_SETTINGS_MODULE": "machi.site.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        result = measure(arguments.applicants, arguments.facilities, arguments.towns)
    for name, value in result.items():
        print(f"{name:<14}{value:>12,.6g}")
    if arguments.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
