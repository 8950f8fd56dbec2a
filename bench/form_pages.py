"""Makes filled application forms as a town's desk receives them, with the truth of every field.

    python bench/form_pages.py --out DIR [--part dev|test] [--seed 1] [--pages 320]

The blank forms of ``form_sheets.py`` are printed with Typst, filled with the contents of ``form_contents.py`` in one
of several Japanese fonts, stamped, ticked, circled, and worn by ``form_wear.py``. Levels: ``clean`` (200 dots an
inch, untouched), ``scanned`` (askew, grainy, JPEG, some upside down), ``hard`` (a photograph, a fax, a copy of a copy,
a pale print; half of them with a stamp over the text), ``hand`` (scanned, filled in fonts that imitate handwriting)
and ``pdf`` (the file itself, never printed). The parts ``dev`` (for tuning) and ``test`` (for measuring) share no
name, no municipality and no seed; two form types and the fonts marked below are only in ``test``.

``DIR`` then holds ``forms.json`` (form definitions), ``blanks/FORM.png``, ``pages/NUMBER.png`` (or ``.jpg``, ``.pdf``)
and ``truth.json``: a list of ``file``, ``form``, ``level``, ``wear``, ``font``, ``stamped``, ``fields`` (key -> what is
written, "1" for a mark, options' keys for choices) and ``matrix`` (3 x 3: shares of the blank -> pixels of the page).
``form_reading.py --data DIR`` measures on it, and on folders of one's own in this shape.

Fonts come from Debian packages (fonts-ipaexfont, fonts-vlgothic, fonts-morisawa-bizud-gothic and -mincho,
fonts-migmix, fonts-motoya-l-maruberi, fonts-noto-cjk, fonts-kiloji, fonts-seto, fonts-yusei-magic); what is not
installed is left out, and said.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import form_contents
import form_wear
import numpy as np
from form_fonts import FONTS, folders, fonts, missing
from form_kinds import SHEETS
from form_sheets import HEIGHT, WIDTH, Item, Sheet, Slot

DPI = 200
LEVELS = ("clean", "scanned", "hard", "hand", "pdf")


_TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set page(width: 210mm, height: 297mm, margin: 0mm)
#let at(x, y, body) = place(top + left, dx: x * 1mm, dy: y * 1mm, body)
#let ink(it) = it.at("colour", default: "#101010")
#let draw(it, family) = {
  if it.kind == "text" {
    let words = text(
      size: it.size * 1pt, font: (it.at("font", default: family), "Noto Sans CJK JP"),
      weight: if it.at("bold", default: false) { "bold" } else { "regular" }, fill: rgb(ink(it)),
      lang: "ja", cjk-latin-spacing: none, it.body)
    let turned = if it.at("turn", default: 0) == 0 { words } else { rotate(it.turn * 1deg, words) }
    if it.at("centre", default: false) {
      at(it.x - 60, it.y - 10, box(width: 120mm, height: 20mm, align(center + horizon, turned)))
    } else { at(it.x, it.y - 10, box(width: 205mm, height: 20mm, align(left + horizon, turned))) }
  } else if it.kind == "box" {
    let fill = it.at("fill", default: 255)
    at(it.x, it.y, rect(width: it.w * 1mm, height: it.h * 1mm, stroke: it.stroke * 1mm + rgb(ink(it)),
      fill: if fill == 255 { none } else { luma(fill) }))
  } else if it.kind == "line" {
    let stroke = if it.at("dashed", default: false) {
      (thickness: it.stroke * 1mm, paint: rgb(ink(it)), dash: "dashed")
    } else { it.stroke * 1mm + rgb(ink(it)) }
    at(0, 0, line(start: (it.x * 1mm, it.y * 1mm), end: (it.x2 * 1mm, it.y2 * 1mm), stroke: stroke))
  } else if it.kind == "ellipse" {
    at(it.x - it.w / 2, it.y - it.h / 2, rotate(it.at("turn", default: 0) * 1deg, ellipse(
      width: it.w * 1mm, height: it.h * 1mm, stroke: it.stroke * 1mm + rgb(ink(it)))))
  } else if it.kind == "path" {
    at(0, 0, curve(stroke: (paint: rgb(ink(it)), thickness: it.stroke * 1mm, cap: "round", join: "round"),
      curve.move((it.points.at(0).at(0) * 1mm, it.points.at(0).at(1) * 1mm)),
      ..it.points.slice(1).map(p => curve.line((p.at(0) * 1mm, p.at(1) * 1mm)))))
  } else if it.kind == "stamp" {
    at(it.x - it.w / 2, it.y - it.w / 2, rotate(it.turn * 1deg, box(width: it.w * 1mm, height: it.w * 1mm, {
      place(ellipse(width: it.w * 1mm, height: it.w * 1mm, stroke: it.stroke * 1mm + rgb(ink(it))))
      place(center + horizon, stack(spacing: it.gap * 1mm, ..it.lines.map(l => align(center, text(
        size: it.size * 1pt, font: (it.font, "Noto Sans CJK JP"), fill: rgb(ink(it)), l)))))
    })))
  }
}
#for (number, page) in data.enumerate() {
  if number > 0 { pagebreak() }
  for it in page.items { draw(it, page.family) }
}
"""


def typeset(pages: Sequence[tuple[Sequence[Item], str]]) -> bytes:
    """The PDF of pages of (items, key of the font of what has no font of its own)."""
    import typst

    data = [
        {
            "family": FONTS[font].family,
            "items": [
                {**item, "font": FONTS[item["font"]].family} if "font" in item else item for item in items
            ],
        }
        for items, font in pages
    ]
    pdf: bytes = typst.compile(  # type: ignore[misc]
        _TEMPLATE.encode(),
        font_paths=folders(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
    )
    return pdf


def rendered(pdf: bytes, dpi: float = DPI) -> Iterator[form_wear.Image]:
    """Each page as height x width x 3, BGR."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.render(scale=dpi / 72, rev_byteorder=False).to_numpy()[..., :3].copy()


@cache
def blank(key: str) -> form_wear.Image:
    sheet = sheets()[key]
    return next(rendered(typeset([(sheet.items, sheet.font)])))


@cache
def sheets() -> Mapping[str, Sheet]:
    return {sheet.key: sheet for sheet in (make() for make in SHEETS)}


@dataclass(frozen=True)
class Filled:
    sheet: Sheet
    font: str
    items: Sequence[Item]
    truth: Mapping[str, str]
    stamped: bool


def _width(words: str, size: float) -> float:
    return sum(0.5 if ord(letter) < 0x2000 else 1.0 for letter in words) * size * 0.3528


class _Pen:
    """Writes on one sheet."""

    def __init__(self, chance: random.Random, font: str, hand: bool, sealed: bool) -> None:
        self.chance, self.font, self.hand, self.sealed = chance, font, hand, sealed
        self.colour = chance.choices(("#181818", "#1c2f86", "#3a3a3a"), (6, 3, 1))[0]
        self.items: list[Item] = []

    def words(self, x: float, y: float, body: str, size: float, centre: bool = False) -> None:
        jitter = 0.5 if self.hand else 0.25
        self.items.append(
            {
                "kind": "text", "x": x + self.chance.uniform(-jitter, jitter),
                "y": y + self.chance.uniform(-jitter, jitter),
                "size": size, "body": body, "font": self.font, "colour": self.colour, "centre": centre,
                "turn": self.chance.uniform(-0.6, 0.6) if self.hand else 0,
            }
        )  # fmt: skip

    def fit(self, area: tuple[float, float, float, float], body: str, size: float) -> None:
        """In one line, in two where the cell is high enough, or smaller."""
        left, top, wide, high = area
        room = wide - 3.5
        size *= self.chance.uniform(0.95, 1.08)
        lines = [body]
        if _width(body, size) > room:
            if high >= 11 and len(body) > 12:
                size = min(size, 9.0)
                middle = len(body) // 2 + 1
                cut = next(
                    (at for at in range(middle, len(body)) if not body[at - 1 : at + 1].isascii()), middle
                )
                lines = [body[:cut], body[cut:].strip()]
            longest = max(_width(line, size) for line in lines)
            size = size if longest <= room else size * room / longest
        lead = size * 0.3528 * 1.25
        start = self.chance.uniform(1.2, 3.0) if len(lines) == 1 and _width(body, size) < room - 3 else 1.2
        for number, line in enumerate(lines):
            height = top + high / 2 + (number - (len(lines) - 1) / 2) * lead
            self.words(left + start, height, line, size)

    def path(self, points: Sequence[tuple[float, float]], stroke: float) -> None:
        self.items.append({"kind": "path", "points": points, "stroke": stroke, "colour": self.colour})

    def tick(self, x: float, y: float, side: float) -> None:
        """``x``, ``y``: top left of the box."""
        c = self.chance

        def near(px: float, py: float) -> tuple[float, float]:
            return x + side * (px + c.uniform(-0.1, 0.1)), y + side * (py + c.uniform(-0.1, 0.1))

        stroke = c.uniform(0.3, 0.6)
        style = c.choices(("tick", "filled", "cross"), (7, 2, 1))[0]
        if style == "tick":
            self.path(
                [near(0.1, 0.45), near(0.42, 0.9), near(c.uniform(0.9, 1.25), c.uniform(-0.15, 0.15))], stroke
            )
        elif style == "cross":
            self.path([near(0.1, 0.1), near(0.9, 0.9)], stroke)
            self.path([near(0.9, 0.1), near(0.1, 0.9)], stroke)
        else:
            for number in range(5):
                self.path(
                    [
                        (x + 0.4, y + side * (number + 0.5) / 5),
                        (x + side - 0.4, y + side * (number + 0.5) / 5),
                    ],
                    side / 5,
                )

    def circle(self, x: float, y: float, wide: float, high: float) -> None:
        c = self.chance
        self.items.append(
            {
                "kind": "ellipse", "x": x + c.uniform(-0.5, 0.5), "y": y + c.uniform(-0.4, 0.4),
                "w": wide + c.uniform(1.6, 3.4), "h": high + c.uniform(1.6, 3.0), "stroke": c.uniform(0.3, 0.6),
                "colour": self.colour, "turn": c.uniform(-8, 8),
            }
        )  # fmt: skip

    def stamp(self, x: float, y: float, name: str, wide: float, colour: str = "#cf2e28") -> None:
        count = len(name)
        self.items.append(
            {
                "kind": "stamp", "x": x, "y": y, "w": wide, "turn": self.chance.uniform(-18, 18),
                "lines": list(name), "size": wide * 0.82 / max(count, 2) / 0.3528, "gap": 0.25,
                "stroke": self.chance.uniform(0.35, 0.6), "colour": colour + "d8", "font": "noto",
            }
        )  # fmt: skip

    def received(self, x: float, y: float) -> None:
        """The desk's stamp with the day of receipt."""
        year, month, day = self.chance.randint(6, 8), self.chance.randint(1, 12), self.chance.randint(1, 28)
        self.items.append(
            {
                "kind": "stamp", "x": x, "y": y, "w": self.chance.uniform(20, 26), "turn": self.chance.uniform(-12, 12),
                "lines": ["受付", f"{year}.{month}.{day}", "市民課"], "size": 11, "gap": 1.6, "stroke": 0.5,
                "colour": self.chance.choice(("#cf2e28", "#6a3fa0", "#2c46a8")) + "b8", "font": "noto",
            }
        )  # fmt: skip


def filled(
    sheet: Sheet, chance: random.Random, part: str, font: str, stamped: bool, sealed: bool = True
) -> Filled:
    """One application: the printed form and what somebody wrote on it. A file that was never printed has no seal."""
    pen = _Pen(chance, font, FONTS[font].style == "hand", sealed)
    owner = form_contents.person(chance, part)
    truth: dict[str, str] = {}
    for slot in sheet.slots:
        truth[slot.definition.key] = _fill(slot, pen, owner, part)
    if stamped:
        target = chance.choice(
            [slot for slot in sheet.slots if slot.style == "text" and truth[slot.definition.key]]
        )
        left, top, _, high = target.area
        pen.received(left + chance.uniform(6, 30), top + high / 2 + chance.uniform(-3, 3))
        names = [slot for slot in sheet.slots if slot.definition.key == "name"]
        if names and chance.random() < 0.6:
            left, top, wide, high = names[0].area
            end = left + 2 + _width(truth["name"], names[0].size)
            pen.stamp(min(end, left + wide - 6), top + high / 2, owner[0], chance.uniform(9, 11))
    return Filled(sheet, font, [*sheet.items, *pen.items], truth, stamped)


def _fill(slot: Slot, pen: _Pen, owner: tuple[str, str, str], part: str) -> str:
    chance, field = pen.chance, slot.definition
    left, top, wide, high = slot.area
    if slot.style == "check":
        if chance.random() < 0.65:
            pen.tick(left, top, wide)
            return "1"
        return ""
    if slot.style in ("ticks", "circles"):
        return _choose(slot, pen)
    if slot.style == "seal":
        if pen.sealed and chance.random() < 0.75:
            pen.stamp(
                left + wide / 2 + chance.uniform(-1, 1),
                top + high / 2 + chance.uniform(-1, 1),
                owner[0],
                chance.uniform(9, 11),
            )
            return "1"
        return ""
    if slot.style == "signature":
        if chance.random() < 0.75:
            hands = fonts(part, "hand") or ("noto",)
            pen.items.append(
                {
                    "kind": "text", "x": left + chance.uniform(3, 12), "y": top + high / 2, "size": 13,
                    "body": owner[1],
                    "font": chance.choice(hands), "colour": pen.colour, "turn": chance.uniform(-3, 3),
                }
            )  # fmt: skip
            return "1"
        return ""
    if chance.random() > slot.sometimes:
        return ""
    if slot.style.startswith("parts"):
        years = (2024, 2026) if slot.style == "parts-era" else (1940, 2006)
        era, year, month, day = form_contents.day(chance, years)
        words = ["" if slot.style == "parts-era" else era, str(year), str(month), str(day)]
        for (x, y), body in zip(slot.anchors, words, strict=True):
            if body:
                pen.words(x, y, body, slot.size, centre=True)
        return f"{era}{year}年{month}月{day}日"
    body = form_contents.write(slot.content, field.kind, chance, part, owner)
    if field.key == "name":
        body = owner[1]
    if slot.style == "digits":
        for (x, y), digit in zip(slot.anchors, body, strict=True):
            pen.words(x, y, digit, slot.size, centre=True)
        return body
    if field.kind == "postal_code":
        body = f"{body[:3]}-{body[3:]}"
    pen.fit(slot.area, body, slot.size)
    return body


def _choose(slot: Slot, pen: _Pen) -> str:
    chance, options = pen.chance, slot.definition.options
    count = chance.choices((0, 1, 2), (8, 86, 6 if slot.style == "ticks" and len(options) > 2 else 0))[0]
    chosen = sorted(chance.sample(range(len(options)), count))
    for number in chosen:
        where = options[number].place
        assert where is not None
        box = where.box
        x, y = box.left * WIDTH, box.top * HEIGHT
        wide, high = (box.right - box.left) * WIDTH, (box.bottom - box.top) * HEIGHT
        if slot.style == "ticks":
            pen.tick(x, y, wide)
        else:
            pen.circle(x + wide / 2, y + high / 2, wide, high)
    return ",".join(options[number].key for number in chosen)


@dataclass(frozen=True)
class Drawn:
    """One page as it is received. ``image`` is None where the file is the PDF itself."""

    form: str
    level: str
    wear: str
    font: str
    stamped: bool
    truth: Mapping[str, str]
    image: form_wear.Image | None
    pdf: bytes
    matrix: form_wear.Image
    """Shares of the blank page's width and height -> pixels of the image."""


def drawn(part: str, seed: int, plan: Mapping[str, int], forms: Sequence[str] = ()) -> Iterator[Drawn]:
    """``plan`` says how many pages of each level; forms and fonts are taken in turn."""
    known = [
        s
        for s in sheets().values()
        if (part == "test" or not s.measured_only) and (not forms or s.key in forms)
    ]
    for level, count in plan.items():
        chance = random.Random(f"{part}-{seed}-{level}")
        style = "hand" if level == "hand" else "printed"
        if not fonts(part, style):
            continue
        ready = [
            filled(
                known[number % len(known)],
                chance,
                part,
                chance.choice(fonts(part, style)),
                level == "hard" and chance.random() < 0.5,
                level != "pdf",
            )
            for number in range(count)
        ]
        for start in range(0, count, 40):
            some = ready[start : start + 40]
            pdf = typeset([(page.items, page.sheet.font) for page in some])
            for number, (page, image) in enumerate(zip(some, rendered(pdf), strict=True)):
                yield _received(page, level, image, pdf, number, chance, start + number)


def _received(
    page: Filled,
    level: str,
    image: form_wear.Image,
    pdf: bytes,
    number: int,
    chance: random.Random,
    turn: int,
) -> Drawn:
    size = np.diag([image.shape[1], image.shape[0], 1.0])
    about = (page.font, page.stamped, page.truth)
    if level == "pdf":
        return Drawn(page.sheet.key, level, "pdf", *about, None, _only(pdf, number), size)
    wear = form_wear.WEARS[(turn + turn // len(sheets())) % len(form_wear.WEARS)] if level == "hard" else ""
    image, matrix, wear = form_wear.worn(image, "scanned" if level == "hand" else level, chance, wear)
    return Drawn(page.sheet.key, level, wear, *about, image, b"", matrix @ size)


def _only(pdf: bytes, number: int) -> bytes:
    import io

    import pypdfium2

    target = pypdfium2.PdfDocument.new()
    target.import_pages(pypdfium2.PdfDocument(pdf), [number])
    buffer = io.BytesIO()
    target.save(buffer)
    return buffer.getvalue()


def shares(count: int) -> dict[str, int]:
    """So many pages over the levels."""
    parts = {"clean": 0.25, "scanned": 0.25, "hard": 0.35, "hand": 0.075, "pdf": 0.075}
    return {level: round(count * share) for level, share in parts.items()}


def save(folder: Path, pages: Iterator[Drawn]) -> int:
    """Writes the folder that ``form_reading.py --data`` reads; how many pages."""
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "blanks").mkdir(exist_ok=True)
    truth: list[dict[str, Any]] = []
    used: set[str] = set()
    for number, page in enumerate(pages):
        used.add(page.form)
        lossless = page.level == "clean" or page.wear == "fax"
        name = f"{number:04}." + ("pdf" if page.image is None else "png" if lossless else "jpg")
        path = folder / "pages" / name
        if page.image is None:
            path.write_bytes(page.pdf)
        else:
            cv2.imwrite(str(path), page.image, [] if lossless else [cv2.IMWRITE_JPEG_QUALITY, 95])
        truth.append(
            {
                "file": name, "form": page.form, "level": page.level, "wear": page.wear, "font": page.font,
                "stamped": page.stamped, "fields": dict(page.truth), "matrix": page.matrix.tolist(),
            }
        )  # fmt: skip
    for key in used:
        cv2.imwrite(str(folder / "blanks" / f"{key}.png"), blank(key))
    forms = [asdict(sheets()[key].definition()) for key in sorted(used)]
    (folder / "forms.json").write_text(json.dumps(forms, ensure_ascii=False, indent=1))
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False))
    return len(truth)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=320)
    arguments = parser.parse_args()
    if absent := missing():
        print(f"fonts not installed, left out: {', '.join(absent)}")
    count = save(arguments.out, drawn(arguments.part, arguments.seed, shares(arguments.pages)))
    print(f"{count} pages in {arguments.out}")


if __name__ == "__main__":
    main()
