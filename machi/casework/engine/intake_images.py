"""Pictures made anew: pixels in, PNG out, and nothing of what else the file held (EXIF, GPS, thumbnails, comments)."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from machi.casework.engine.intake_types import Hostile, Limits, Note, Page, Refused, Unreadable

FORMATS = ("PNG", "JPEG", "TIFF")
_SMALLEST = 8


def read_pictures(data: bytes, limits: Limits) -> tuple[list[Page], list[Note]]:
    """The pages of a PNG, JPEG or TIFF file, turned upright by their EXIF. Raises ``Refused``."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return _pages(image, limits)
    except Refused:
        raise
    except MemoryError:
        raise Hostile("too-costly") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Hostile("huge-image", limit=limits.pixels // 1_000_000) from None
    except Exception:  # whatever damaged bytes make a decoder say: Pillow raises a dozen kinds
        raise Unreadable("broken") from None


def _pages(image: Image.Image, limits: Limits) -> tuple[list[Page], list[Note]]:
    _measured(image, limits)  # before anything is decoded
    many = image.format == "TIFF"
    count = getattr(image, "n_frames", 1)
    if many and count > limits.pages:
        raise Unreadable("too-many-pages", limit=limits.pages)
    pages: list[Page] = []
    pixels = 0
    for number in range(count if many else 1):
        image.seek(number)
        pixels += _measured(image, limits)
        if pixels > limits.all_pixels:
            raise Hostile("huge-image", limit=limits.all_pixels // 1_000_000)
        pages.append(page_of(image, limits.kept))
    # A moving PNG or a phone's JPEG with a second picture: what is shown everywhere is the first.
    return pages, [] if many or count == 1 else [Note("only-first-picture", {"count": count})]


def _measured(image: Image.Image, limits: Limits) -> int:
    pixels = image.width * image.height
    if pixels > limits.pixels:
        raise Hostile("huge-image", limit=limits.pixels // 1_000_000)
    if min(image.size) < _SMALLEST:
        raise Unreadable("broken")
    return pixels


def page_of(image: Image.Image, kept: int) -> Page:
    """The page of an opened picture, upright and of ``kept`` pixels at most."""
    scale = (kept / (image.width * image.height)) ** 0.5
    if scale < 1 and image.format == "JPEG":
        # Decoded smaller from the start, by a half or a quarter, never below what is kept.
        image.draft(None, (round(image.width * scale), round(image.height * scale)))
    plain = _plain(ImageOps.exif_transpose(image))
    scale = (kept / (plain.width * plain.height)) ** 0.5
    if scale < 1:
        size = (max(1, round(plain.width * scale)), max(1, round(plain.height * scale)))
        plain = plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Page(plain.width, plain.height, png_of(plain))


def png_of(image: Image.Image) -> bytes:
    """A copy of the pixels alone: what stands in ``info`` (texts, colour profiles) would be written too."""
    out = io.BytesIO()
    Image.frombytes(image.mode, image.size, image.tobytes()).save(out, "PNG", compress_level=3)
    return out.getvalue()


def _plain(image: Image.Image) -> Image.Image:
    """Black on white, grey or colour; what is transparent becomes paper."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        # Scanners that give 16 bits: the upper eight are the picture.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")
