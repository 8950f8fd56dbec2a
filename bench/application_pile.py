"""A pile of scanned applications read unattended, killed on the way: nothing is lost and nothing is read twice.

    python bench/application_pile.py [--pages 1000] [--duplicates 10] [--kills 2] [--intake-kills 1]
                                     [--seed 1] [--json]

A fresh installation below a temporary folder (SQLite), a town with the three procedures that come along, and a folder
of ``--pages`` scans made by ``pile_contents.py``: each another made-up person's form, printed, skewed, noisy, JPEG; and
``--duplicates`` of them a second time under another name. ``machi casework intake --move`` takes the folder in, each
file opened in a process of its own; which procedure it is, nobody says. ``machi casework read``, one process, reads
and checks. The first is killed with SIGKILL ``--intake-kills`` times and the second ``--kills`` times, at moments drawn
from ``--seed`` (in the middle of whatever it is at), and begun again until it ends by itself. Then the database and the
ledger are counted. The exit status is 1 where a page is lost or repeated, a duplicate was not recognised or the ledger
does not verify.

Figures of the last line with --json:

pages, duplicates                   handed in, and handed in once more
intake_kills, kills                 how often it was killed while taking in, and while reading
files                               stored
lost                                pages that are of no application, or were not read, or not checked
repeated                            applications taken, read or checked more than once in the ledger, or with another
                                    number of pages than one
duplicates_recognised               second copies that were put away and not taken
ledger_findings, ledger_entries     what verifying the whole ledger found amiss (none is expected), of how many entries
troubled                            applications that could not be read and went to a person
procedures                          share whose procedure was recognised
sure                                share of the applications without any value that a person is asked to look at
fields, exact                       fields filled in, and the share whose kept value is what was written (spaces, widths
                                    and dashes aside), seals and signatures as marks
empty                               share of the fields left empty that stayed empty
intake_cpu_s, read_cpu_s            processor seconds a page, all processes and starts together
intake_per_minute, read_per_minute  pages by the clock, lost work and starting again included
first_cpu_s, last_cpu_s             processor seconds a page of the last process, in the first and the last third of
                                    what it read (0 where /proc does not say, or it read fewer than nine pages)
first_mb, last_mb                   its memory at the end of the first and of the last third
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pile_contents import Scan

    from machi.base.models import Municipality

ROOT = Path(__file__).resolve().parents[1]
TOWN = "142123"
CHECKED = ("casework.read_form", "casework.check")
"""What the ledger must name once of each application."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The reading process at one moment."""

    read: int
    cpu: float
    megabytes: float


def a_town() -> Municipality:
    """With its tables, the approvals that reading needs, and the three procedures."""
    from machi.base.domain.register import load_register
    from machi.base.models import Municipality
    from machi.base.rooms import rooms
    from machi.base.scoping import in_municipality
    from machi.base.tables import make_or_migrate
    from machi.casework.domain import procedures
    from machi.casework.domain.shipped import shipped
    from machi.governance.models import RegisteredSystem

    make_or_migrate()
    load_register()
    town = Municipality.objects.get(code=TOWN)
    town.live = True
    town.save()
    with in_municipality(town):
        for system in (system for room in rooms() for system in room.ai_systems if system.key in CHECKED):
            RegisteredSystem.objects.update_or_create(
                municipality=town,
                key=system.key,
                defaults={"state": RegisteredSystem.State.APPROVED, "version": system.version},
            )
        for key in shipped():
            procedures.adopt(town, key)
    return town


def a_folder(folder: Path, pages: int, duplicates: int, seed: int) -> dict[str, Scan]:
    """Writes the pile; what stands on each page, by the SHA-256 of its file."""
    from pile_contents import scans

    folder.mkdir()
    made: dict[str, Scan] = {}
    for at, scan in enumerate(scans(pages, seed)):
        made[sha256(scan.data).hexdigest()] = scan
        (folder / f"scan-{at:05}.jpg").write_bytes(scan.data)
        if at < duplicates:
            (folder / f"again-{at:05}.jpg").write_bytes(scan.data)
    return made


@dataclass(frozen=True, slots=True)
class Run:
    """A command that was killed and begun again until it ended by itself."""

    samples: Sequence[Sample]
    """Of the last process."""
    killed: int
    cpu: float
    clock: float


def run(words: Sequence[str], done: Callable[[], int], pages: int, kills: int, chance: random.Random) -> Run:
    """``done``: how far it has come, of ``pages``. RuntimeError where it ends with an error of its own."""
    # Where to kill is drawn among pages, when among the seconds after it: any step of a page may be hit. Not among the
    # last third, so that the process is still at it then.
    places = sorted(chance.randint(1, max(1, pages * 2 // 3)) for _ in range(kills))
    command = [sys.executable, "-m", "machi", "casework", *words, "--municipality", TOWN]
    cpu, clock, killed = _of_children(), time.monotonic(), 0
    while True:
        samples: list[Sample] = []
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            reached = done()
            samples += sampled(process.pid, reached)
            if killed < kills and reached >= places[killed]:
                time.sleep(chance.uniform(0, 1.5))
                if process.poll() is None:
                    process.kill()
                    killed += 1
                    break
            time.sleep(0.2)
        ended = process.wait()
        if ended == 0:
            return Run(samples, killed, _of_children() - cpu, time.monotonic() - clock)
        if ended > 0:
            raise RuntimeError(f"{words[0]} ended with {ended}")
        print(f"{words[0]}: killed after {done():,}", file=sys.stderr)


def _of_children() -> float:
    """Processor seconds of those that have ended; of one that was killed too, once it has been waited for."""
    told = os.times()
    return told.children_user + told.children_system


def put_away(folder: Path) -> int:
    """Files that the intake is through with."""
    return sum(1 for _ in folder.glob("done/*"))


def read_so_far(town: Municipality) -> int:
    from machi.base.scoping import in_municipality
    from machi.casework.models import Application

    with in_municipality(town):
        return Application.objects.filter(read_at__isnull=False).count()


def sampled(pid: int, read: int) -> list[Sample]:
    """From /proc; nothing where there is none, or the process has just ended."""
    with suppress(OSError, IndexError):
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        cpu = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
        return [Sample(read, cpu, int(told[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6)]
    return []


def course(samples: Sequence[Sample]) -> dict[str, float]:
    """Whether the process grew slower or larger: its first third against its last."""
    told = {"first_cpu_s": 0.0, "last_cpu_s": 0.0, "first_mb": 0.0, "last_mb": 0.0}
    samples = [one for one in samples if one.megabytes]
    if not samples or (pages := samples[-1].read - samples[0].read) < 9:
        return told
    # The first page carries the start: models and dictionaries are loaded for it.
    begin = next(one for one in samples if one.read > samples[0].read)
    early = next(one for one in samples if one.read >= samples[0].read + pages // 3)
    late = next(one for one in samples if one.read >= samples[0].read + 2 * pages // 3)
    end = samples[-1]
    for name, start, stop in (("first", begin, early), ("last", late, end)):
        told[f"{name}_cpu_s"] = (stop.cpu - start.cpu) / max(1, stop.read - start.read)
        told[f"{name}_mb"] = stop.megabytes
    return told


def counted(town: Municipality, made: dict[str, Scan]) -> dict[str, Any]:
    """Every page, application and entry, from the database."""
    from machi.base import ledger
    from machi.base.models import LedgerEntry
    from machi.base.scoping import in_municipality
    from machi.casework.domain.reading import UNREAD
    from machi.casework.domain.record import subject
    from machi.casework.models import Application, Page, SourceFile

    with in_municipality(town):
        applications = {subject(one): one for one in Application.objects.select_related("procedure")}
        files = list(SourceFile.objects.select_related("application"))
        by_digest = {one.sha256: one for one in files}
        per_file = Counter(one.sha256 for one in files)
        pages = Counter(f"application:{pk}" for pk in Page.objects.values_list("application_id", flat=True))
        entries = [
            Counter(LedgerEntry.objects.filter(system=system).values_list("subject", flat=True))
            for system in CHECKED
        ]
        received = Counter(
            one.subject
            for one in LedgerEntry.objects.filter(system="casework.applications")
            if json.loads(one.body)["outputs"]["action"] == "receive"
        )
        done = {
            name
            for name, one in applications.items()
            if one.read_at and one.state not in UNREAD and pages[name] and all(each[name] for each in entries)
        }
        lost = [
            digest
            for digest in made
            if digest not in by_digest or subject(by_digest[digest].application) not in done
        ]
        repeated = {
            name for each in (pages, received, *entries) for name, number in each.items() if number > 1
        }
        more = len(applications) - len(made) + sum(per_file.values()) - len(per_file)
        right = sum(
            one.application.procedure is not None and one.application.procedure.key == made[digest].procedure
            for digest, one in by_digest.items()
        )
        told = {
            "files": len(files),
            "lost": len(lost),
            "repeated": len(repeated) + max(0, more),
            "ledger_findings": len(ledger.verify(town)),
            "ledger_entries": LedgerEntry.objects.count(),
            "troubled": sum(bool(one.trouble) for one in applications.values()),
            "procedures": right / len(made),
            "sure": sum(one.doubtful == 0 for one in applications.values()) / len(applications),
        }
        return told | judged({one.application_id: made[digest] for digest, one in by_digest.items()})


def judged(scans: dict[int, Scan]) -> dict[str, float]:
    """Values kept against what was written; a field that is missing was read wrongly."""
    from form_reading import same_form

    from machi.casework.domain.engines import plain
    from machi.casework.models import FieldValue

    filled = exact = left = empty = 0
    for pk, scan in scans.items():
        kept = {
            one.field: (one.kind, one.value or "") for one in FieldValue.objects.filter(application_id=pk)
        }
        for field, words in scan.written.items():
            kind, value = kept.get(field, ("", ""))
            if not words:
                left += 1
                empty += not value
                continue
            filled += 1
            want = plain(kind, words).value if kind else None
            exact += want is not None and same_form(value, kind) == same_form(want, kind)
    return {"fields": filled, "exact": exact / max(1, filled), "empty": empty / max(1, left)}


def measure(given: argparse.Namespace, duplicates: int, home: Path) -> dict[str, Any]:
    import django

    django.setup()
    pages, chance = given.pages, random.Random(given.seed)
    town, folder = a_town(), home / "pile"
    made = a_folder(folder, pages, duplicates, given.seed)
    print(f"{pages:,} pages made", file=sys.stderr)
    intake = ("intake", str(folder), "--move")
    taking = run(intake, lambda: put_away(folder), pages, given.intake_kills, chance)
    reading = run(("read",), lambda: read_so_far(town), pages, given.kills, chance)
    told = counted(town, made)
    return {
        "pages": pages,
        "duplicates": duplicates,
        "intake_kills": taking.killed,
        "kills": reading.killed,
        **told,
        "duplicates_recognised": put_away(folder) - told["files"],
        "intake_cpu_s": taking.cpu / pages,
        "read_cpu_s": reading.cpu / pages,
        "intake_per_minute": pages / taking.clock * 60,
        "read_per_minute": pages / reading.clock * 60,
        **course(reading.samples),
    }


def shown(told: dict[str, Any]) -> None:
    rows = (
        ("pages, and duplicates among them", f"{told['pages']:,} + {told['duplicates']:,}"),
        ("killed taking in, reading", f"{told['intake_kills']} and {told['kills']} times"),
        ("lost", f"{told['lost']:,}"),
        ("repeated", f"{told['repeated']:,}"),
        ("duplicates recognised", f"{told['duplicates_recognised']:,} of {told['duplicates']:,}"),
        ("ledger", f"{told['ledger_findings']} findings in {told['ledger_entries']:,} entries"),
        ("could not be read", f"{told['troubled']:,}"),
        ("procedure recognised", f"{told['procedures']:.2%}"),
        ("nothing doubtful in it", f"{told['sure']:.2%}"),
        ("fields exact", f"{told['exact']:.2%} of {told['fields']:,}"),
        ("empty fields left empty", f"{told['empty']:.2%}"),
        ("taking in, processor a page", f"{told['intake_cpu_s']:.2f} s"),
        ("reading, processor a page", f"{told['read_cpu_s']:.2f} s"),
        ("taking in, by the clock", f"{told['intake_per_minute']:.0f} a minute"),
        ("reading, by the clock", f"{told['read_per_minute']:.0f} a minute"),
        ("a page, first and last third", f"{told['first_cpu_s']:.2f} s, {told['last_cpu_s']:.2f} s"),
        ("memory, first and last third", f"{told['first_mb']:.0f} MB, {told['last_mb']:.0f} MB"),
    )
    for name, words in rows:
        print(f"{name:<34}{words}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--duplicates", type=int, default=10, help="at most as many as pages")
    parser.add_argument("--kills", type=int, default=2, help="while reading")
    parser.add_argument("--intake-kills", type=int, default=1, help="while taking in")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    given = parser.parse_args()
    duplicates = min(given.duplicates, given.pages)
    with tempfile.TemporaryDirectory(prefix="machi-bench-") as home:
        os.environ.pop("MACHI_DATABASE", None)
        os.environ |= {"MACHI_HOME": home, "DJANGO_SETTINGS_MODULE": "machi.site.settings"}
        told = measure(given, duplicates, Path(home))
    shown(told)
    if given.json:
        print(json.dumps(told))
    wrong = told["lost"] or told["repeated"] or told["ledger_findings"]
    if wrong or told["duplicates_recognised"] != duplicates:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
