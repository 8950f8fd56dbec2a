"""The same paper scanned twice is near; the same form filled in by somebody else is not."""

import io
import random
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from machi.base.engine.typesetting import FONTS
from machi.casework.engine.intake_fingerprints import SAME, fingerprint, likeness
from machi.casework.engine.procedures import blank_pdf, load

FOLDER = Path(str(files("machi.casework"))) / "data/procedures"
LETTERS = "山田佐藤鈴木高橋花子太郎一二三四五厚木市中町東西南北令和平成年月日0123456789"


@cache
def filled(key: str, seed: int) -> Image.Image:
    """A form filled by chance with printed letters."""
    procedure = load(FOLDER / key)
    document = pypdfium2.PdfDocument(blank_pdf(procedure, key))
    image: Image.Image = document[0].render(scale=150 / 72).to_pil().convert("L")
    document.close()
    font = ImageFont.truetype(next(str(path) for path in Path(FONTS[0]).rglob("*.[ot]t[fc]")), 26)
    draw, chance = ImageDraw.Draw(image), random.Random(seed)
    for field in procedure.fields:
        if field.place is None or field.options or field.kind == "check" or chance.random() > 0.85:
            continue
        box = field.place.box
        text = "".join(chance.choice(LETTERS) for _ in range(chance.randint(3, 8)))
        draw.text((box.left * image.width + 8, box.top * image.height + 10), text, fill=30, font=font)
    return image


def scanned(image: Image.Image, seed: int) -> Image.Image:
    """Turned, shifted, scaled, noisy, squeezed."""
    chance, noise = random.Random(seed), np.random.default_rng(seed)
    shift = (chance.uniform(-12, 12), chance.uniform(-12, 12))
    turned = image.rotate(chance.uniform(-0.8, 0.8), Image.Resampling.BICUBIC, translate=shift, fillcolor=255)
    scale = chance.uniform(0.97, 1.03)
    sized = turned.resize((round(image.width * scale), round(image.height * scale)))
    grey = np.asarray(sized, dtype=np.float32) * chance.uniform(0.85, 1)
    out = io.BytesIO()
    Image.fromarray(np.clip(grey + noise.normal(0, 8, grey.shape), 0, 255).astype(np.uint8)).save(out, "JPEG")
    return Image.open(out).convert("L")


def test_the_same_paper_is_near_and_another_on_the_same_form_is_not():
    key, other = "park-event-permit", "residence-certificate-by-post"
    mine = [fingerprint(scanned(filled(key, 1), seed)) for seed in (11, 12)]
    theirs = fingerprint(scanned(filled(key, 2), 13))
    assert likeness(*mine) >= SAME
    assert likeness(mine[0], theirs) < SAME
    assert likeness(mine[0], fingerprint(scanned(filled(other, 3), 14))) < 0.5


def test_a_fingerprint_repeats_and_an_empty_page_has_none():
    image = filled("park-event-permit", 1)
    assert fingerprint(image) == fingerprint(image)
    assert likeness(fingerprint(image), fingerprint(image)) > 0.999
    empty = fingerprint(Image.new("L", (800, 1100), 255))
    assert (empty, likeness(empty, empty)) == ("", 0.0)


def test_pages_of_any_size_have_a_fingerprint():
    for size in ((8, 8), (8, 4000), (4000, 8), (50, 60)):
        image = Image.new("L", size, 255)
        ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=0)
        assert isinstance(fingerprint(image), str)
