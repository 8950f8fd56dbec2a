"""How well filled forms are read, beside plain RapidOCR, faster-paddle and Tesseract, on the same pages in one run.

    python bench/form_reading.py [--data DIR] [--pages 320] [--seed 11] [--every 8] [--jobs 1] [--only LEVEL]
                                 [--show] [--json]
    python bench/form_reading.py --fit [--data DIR] [--pages 240] [--seed 5]

Without ``--data`` pages are made by ``form_pages.py``, part ``test``. A folder of one's own holds ``forms.json``,
``blanks/FORM.png``, ``pages/*`` and ``truth.json`` as its docstring says. ``--fit`` reads pages of part ``dev`` and
writes the calibration (``machi/casework/data/calibration.json``); nothing of it is measured on.

Ours gets the file, the form definitions and the blank forms. The others read the whole page and get more than they
would find: the truth's place of each field; what they read inside it (of a line that crosses it, the letters that lie
in it) is the field. They read every ``--every``-th page, for they are slow; ours on those pages stands beside them.

Two readings are the same when they are after NFKC, without blanks, with one kind of dash; postal codes by digits. The
character error rate is Levenshtein's distance over the truth's letters. The last line of ``--json``: ``pages``,
``levels``: by level ``pages``, ``cer``, ``exact`` (text fields), ``fields``, ``marks`` (checkboxes and circled options,
by field), ``mark_fields``, ``seals`` (seals and signatures), ``forms`` (pages given to the right form); ``wears`` and
``fonts``, ``new_forms``: the same of hard pages by what happened to them, by font, and of form types never tuned on;
``cpu_s`` and ``wall_s`` a page; ``peak_mb``; ``sure``: of fields said to be at least 99 % sure ``count``, ``right`` and
``share`` of all; ``calibration``: by tenths ``said``, ``right``, ``count``; ``rivals``: by name ``pages``, ``cer``,
``exact``, ``marks``, ``cpu_s``, ``wall_s`` (ours among them).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as machi.site.settings has it; before NumPy is imported

import numpy as np
from form_rivals import Line, rivals

from machi.casework.engine.calibration import probability
from machi.casework.engine.types import Box, FieldDefinition, FormDefinition, FormReading, Option, Place

SURE = 0.99
MARKS = ("check", "choice")
SEALS = ("seal", "signature")
_DASHES = re.compile("[‐‑‒–—―−－ｰ]")
_TICKS = re.compile("[☑✓✔レ■☒×✕VvＶ]")


@dataclass(frozen=True)
class Shown:
    """One page of the folder."""

    path: Path
    form: str
    level: str
    wear: str
    font: str
    fields: Mapping[str, str]
    matrix: Any


@dataclass(frozen=True)
class Folder:
    definitions: Sequence[FormDefinition]
    blanks: Mapping[str, bytes]
    pages: Sequence[Shown]


def load(folder: Path) -> Folder:
    forms = [_definition(one) for one in json.loads((folder / "forms.json").read_text())]
    blanks = {form.key: (folder / "blanks" / f"{form.key}.png").read_bytes() for form in forms}
    pages = [
        Shown(
            folder / "pages" / one["file"], one["form"], one["level"], one["wear"], one["font"], one["fields"],
            np.array(one["matrix"]),
        )
        for one in json.loads((folder / "truth.json").read_text())
    ]  # fmt: skip
    return Folder(forms, blanks, pages)


def _definition(told: Mapping[str, Any]) -> FormDefinition:
    def place(one: Mapping[str, Any] | None) -> Place | None:
        return None if one is None else Place(one["page"], Box(**one["box"]))

    fields = [
        FieldDefinition(
            one["key"], one["label"], one["kind"], place(one["place"]), tuple(one["anchors"]),
            tuple(Option(option["key"], option["label"], place(option["place"])) for option in one["options"]),
        )
        for one in told["fields"]
    ]  # fmt: skip
    return FormDefinition(
        told["key"], told["title"], told["version"], fields, told["pages"], tuple(told["marks"])
    )


def same_form(words: str, kind: str) -> str:
    """Words as they are compared."""
    plain = re.sub(r"\s", "", _DASHES.sub("-", unicodedata.normalize("NFKC", words)))
    if kind == "postal_code":
        return re.sub(r"\D", "", plain)
    return plain.replace("○", "〇").replace("◯", "〇")


def distance(left: str, right: str) -> int:
    """Levenshtein's."""
    row = list(range(len(right) + 1))
    for number, letter in enumerate(left, 1):
        before, row[0] = row[0], number
        for column, other in enumerate(right, 1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (letter != other)),
            )
    return row[-1]


@dataclass(frozen=True)
class Judged:
    page: Shown
    key: str
    kind: str
    want: str
    got: str
    confidence: float
    group: str = ""
    score: float = 0.0

    @property
    def right(self) -> bool:
        return self.want == self.got


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    text = [one for one in judged if one.kind not in (*MARKS, *SEALS)]
    marks = [one for one in judged if one.kind in MARKS]
    seals = [one for one in judged if one.kind in SEALS]
    letters = sum(len(one.want) for one in text)
    wrong = sum(distance(one.want, one.got) for one in text if not one.right)
    return {
        "pages": len({one.page.path for one in judged}),
        "cer": round(wrong / letters, 5) if letters else 0.0,
        "exact": _share(text),
        "fields": len(text),
        "marks": _share(marks),
        "mark_fields": len(marks),
        "seals": _share(seals),
    }


def _share(judged: Sequence[Judged]) -> float:
    return round(sum(one.right for one in judged) / len(judged), 5) if judged else 1.0


class Clock:
    """Processor and wall seconds of what runs inside ``with``, children's too."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0

    def __enter__(self) -> None:
        self._start = time.perf_counter(), self._spent()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._start[0]
        self.cpu += self._spent() - self._start[1]

    @staticmethod
    def _spent() -> float:
        return sum(
            usage.ru_utime + usage.ru_stime
            for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        )


def ours(folder: Folder, page: Shown) -> tuple[FormReading | None, Mapping[str, tuple[str, float]]]:
    """Our reading, and each field's calibration group and score."""
    from machi.casework.engine import read_form
    from machi.casework.engine.pages import open_pages

    kept: dict[str, tuple[str, float]] = {}
    usual = read_form._reading

    def keeping(found: read_form.Found) -> Any:
        kept[found.field.key] = (found.group, found.score)
        return usual(found)

    read_form._reading = keeping
    try:
        readings = read_form.read(open_pages(page.path.read_bytes()), folder.definitions, folder.blanks)
    finally:
        read_form._reading = usual
    return (readings[0] if readings else None), kept


def judged_ours(
    folder: Folder, page: Shown, reading: FormReading | None, kept: Mapping[str, Any]
) -> Iterator[Judged]:
    fields = {
        field.key: field for form in folder.definitions if form.key == page.form for field in form.fields
    }
    known = reading.fields if reading is not None and reading.form == page.form else {}
    for key, want in page.fields.items():
        kind = fields[key].kind
        one = known.get(key)
        raw, confidence = (one.raw, one.confidence) if one else ("", 0.0)
        group, score = kept.get(key, ("", 0.0))
        yield Judged(page, key, kind, same_form(want, kind), same_form(raw, kind), confidence, group, score)


def inside(lines: Sequence[Line], matrix: Any, box: Box) -> str:
    """What was read in a field: each letter's middle, spread evenly along its line, taken back to the blank form."""
    back = np.linalg.inv(matrix)
    told: list[tuple[float, float, str]] = []
    for words, corners in lines:
        share = (np.arange(len(words)) + 0.5) / max(1, len(words))
        start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
        middles = start + share[:, None] * (end - start)
        ends = np.column_stack([middles, np.ones(len(middles))]) @ back.T
        places = ends[:, :2] / ends[:, 2:]
        held = [
            (y, x, letter)
            for letter, (x, y) in zip(words, places, strict=True)
            if box.left <= x <= box.right and box.top <= y <= box.bottom
        ]
        if held:
            middle = float(np.mean([y for y, _, _ in held]))
            told += [(middle, x, letter) for _, x, letter in held]
    rows: list[list[tuple[float, float, str]]] = []
    for one in sorted(told):
        if rows and one[0] - rows[-1][0][0] < 0.005:
            rows[-1].append(one)
        else:
            rows.append([one])
    return "".join(letter for row in rows for _, _, letter in sorted(row, key=lambda each: each[1]))


def judged_rival(folder: Folder, page: Shown, lines: Sequence[Line]) -> Iterator[Judged]:
    (form,) = (form for form in folder.definitions if form.key == page.form)
    for field in form.fields:
        if field.key not in page.fields or field.place is None or field.kind in SEALS:
            continue
        want = page.fields[field.key]
        if field.kind == "check":
            got = "1" if _TICKS.search(inside(lines, page.matrix, field.place.box)) else ""
        elif field.kind == "choice":
            marked = [
                option.key
                for option in field.options
                if option.place and _TICKS.search(inside(lines, page.matrix, option.place.box))
            ]
            got = ",".join(marked)
        else:
            got = same_form(inside(lines, page.matrix, field.place.box), field.kind)
            # Empty places hold printed words (年月日, ㊞): no field of theirs counts for reading them.
            got = got.removesuffix("印")
            if not want and set(got) <= set("年月日〒-・令和平成昭印円"):
                got = ""
        yield Judged(page, field.key, field.kind, same_form(want, field.kind), got, 0.0)


@dataclass(frozen=True)
class Read:
    """One page read by us."""

    judged: Sequence[Judged]
    right_form: bool
    clock: Clock
    peak_mb: float


_folder: list[Folder] = []


def _begin(folder: Folder) -> None:
    """In each process: blank forms prepared and the models loaded, once and not once a page."""
    _folder[:] = [folder]
    _warm(folder)


def _one(number: int) -> Read:
    (folder,), clock = _folder, Clock()
    page = folder.pages[number]
    with clock:
        reading, kept = ours(folder, page)
    judged = list(judged_ours(folder, page, reading, kept))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Read(judged, reading is not None and reading.form == page.form, clock, peak)


def read_all(folder: Folder, jobs: int) -> list[Read]:
    numbers = range(len(folder.pages))
    if jobs == 1:
        _begin(folder)
        return [_one(number) for number in numbers]
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (folder,)) as workers:
        return list(workers.map(_one, numbers))


def measure(folder: Folder, every: int, show: bool, jobs: int) -> dict[str, Any]:
    read = read_all(folder, jobs)
    # By the curves of today: the pages may have been read while they were being fitted.
    judged = [
        replace(one, confidence=probability(one.group, one.score) if one.group else 0.0)
        for page in read
        for one in page.judged
    ]
    if show:
        _show(judged)
    levels: dict[str, dict[str, Any]] = {}
    for level in dict.fromkeys(page.level for page in folder.pages):
        right = [one.right_form for one, page in zip(read, folder.pages, strict=True) if page.level == level]
        levels[level] = {
            **figures([one for one in judged if one.page.level == level]),
            "forms": float(np.mean(right)),
        }
    return {
        "pages": len(read),
        "levels": levels,
        "wears": _by([one for one in judged if one.page.level == "hard"], lambda one: one.page.wear),
        "fonts": _by(judged, lambda one: one.page.font),
        "new_forms": figures([one for one in judged if one.page.form in ("tax_certificate", "school_aid")]),
        "cpu_s": round(float(np.mean([one.clock.cpu for one in read])), 3),
        "wall_s": round(float(np.mean([one.clock.wall for one in read])), 3),
        "peak_mb": round(max(one.peak_mb for one in read)),
        "sure": sure(judged),
        "calibration": calibration(judged),
        "rivals": beside(folder, read, every) if every else {},
    }


def _show(judged: Sequence[Judged]) -> None:
    for one in judged:
        if not one.right:
            told = (one.page.path.name, one.page.level, one.page.wear, one.page.font, one.key, one.kind)
            print(*told, one.want, one.got, one.group, f"{one.score:.3f} {one.confidence:.3f}", sep="\t")


def beside(folder: Folder, read: Sequence[Read], every: int) -> dict[str, Any]:
    """Ours and the others on every so-many-th page; no PDF, which the others do not open."""
    compared = [number for number in range(0, len(read), every) if folder.pages[number].path.suffix != ".pdf"]
    told = {
        "ours": _beside(
            [one for number in compared for one in read[number].judged if one.kind not in SEALS],
            [read[number].clock for number in compared],
        )
    }
    for name, read_page in rivals().items():
        judged: list[Judged] = []
        clocks = []
        for number in compared:
            clock = Clock()
            with clock:
                lines = read_page(folder.pages[number].path)
            clocks.append(clock)
            judged += judged_rival(folder, folder.pages[number], lines)
        told[name] = _beside(judged, clocks)
    return told


def _beside(judged: Sequence[Judged], clocks: Sequence[Clock]) -> dict[str, Any]:
    return {
        **{key: value for key, value in figures(judged).items() if key in ("pages", "cer", "exact", "marks")},
        "cpu_s": round(float(np.mean([clock.cpu for clock in clocks])), 3),
        "wall_s": round(float(np.mean([clock.wall for clock in clocks])), 3),
    }


def _warm(folder: Folder) -> None:
    from machi.casework.engine import ocr, read_form

    read_form.read([], folder.definitions, folder.blanks)
    ocr.engine().read([np.full((48, 96, 3), 255, np.uint8)], ["japanese"])


def _by(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, Any]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    return {name: figures(some) for name, some in sorted(groups.items())}


def sure(judged: Sequence[Judged]) -> dict[str, Any]:
    said = [one for one in judged if one.confidence >= SURE]
    return {"count": len(said), "right": _share(said), "share": round(len(said) / max(1, len(judged)), 4)}


def calibration(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    rows = []
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 1.01)):
        some = [one for one in judged if low <= one.confidence < high]
        if some:
            said = float(np.mean([one.confidence for one in some]))
            rows.append({"said": round(said, 4), "right": _share(some), "count": len(some)})
    return rows


def fit(folder: Folder, jobs: int, show: bool) -> None:
    """Writes the calibration from pages that are not measured on."""
    from machi.casework.engine import calibration as engine

    groups: dict[str, list[Judged]] = defaultdict(list)
    for page in read_all(folder, jobs):
        for one in page.judged:
            if one.group:
                groups[one.group].append(one)
    if show:
        _show([one for judged in groups.values() for one in judged])
    curves = {}
    for group, judged in sorted(groups.items()):
        curve = engine.fitted([one.score for one in judged], [one.right for one in judged])
        curves[group] = [[round(score, 5), round(chance, 5)] for score, chance in curve]
        print(f"{group}: {len(judged)} fields, {_share(judged):.4f} right, {len(curve)} steps")
    target = Path(engine.__file__).parents[1] / "data" / "calibration.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(curves, indent=1) + "\n")


def shown(told: Mapping[str, Any]) -> None:
    for title in ("levels", "wears", "fonts"):
        print(f"\n{title}: pages, character errors, exact fields (of), marks (of), seals")
        for name, row in told[title].items():
            print(
                f"  {name:12} {row['pages']:4} {row['cer']:8.3%} {row['exact']:8.2%} ({row['fields']})"
                f" {row['marks']:8.2%} ({row['mark_fields']}) {row['seals']:8.2%}"
            )
    print(f"\n{told['cpu_s']} processor seconds and {told['wall_s']} s a page; {told['peak_mb']} MB at most")
    print(f"said to be at least 99 % sure: {told['sure']}")
    for row in told["calibration"]:
        print(f"  said {row['said']:.4f}: right {row['right']:.4f} ({row['count']})")
    for name, row in told["rivals"].items():
        print(
            f"  {name:20} {row['pages']:3} pages: errors {row['cer']:.2%}, exact {row['exact']:.2%}, marks"
            f" {row['marks']:.2%}, {row['cpu_s']} processor seconds, {row['wall_s']} s a page"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument(
        "--every", type=int, default=8, help="others read every so-many-th page; 0: no others"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes that read pages side by side")
    parser.add_argument("--only", help="this level alone")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--show", action="store_true", help="print every field read wrongly")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = arguments.data or Path(made)
        if not arguments.data:
            import form_fonts
            import form_pages

            if absent := form_fonts.missing():
                print("fonts that are not installed, whose pages are left out:", ", ".join(absent))
                if arguments.fit:
                    parser.error("the calibration is fitted on all fonts")
            part, pages, seed = ("dev", 240, 5) if arguments.fit else ("test", 320, 11)
            plan = form_pages.shares(arguments.pages or pages)
            form_pages.save(folder, form_pages.drawn(part, arguments.seed or seed, plan))
        loaded = load(folder)
        if arguments.only:
            some = [page for page in loaded.pages if page.level == arguments.only]
            loaded = Folder(loaded.definitions, loaded.blanks, some)
        if arguments.fit:
            fit(loaded, arguments.jobs, arguments.show)
            return
        told = measure(loaded, arguments.every, arguments.show, arguments.jobs)
    shown(told)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
