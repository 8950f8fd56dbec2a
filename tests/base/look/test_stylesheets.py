"""What a machine can hold of the look: tokens that exist, contrast, nothing from outside, not much of it."""

import io
import json
import re
import tarfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "machi/base/static/base"
SHEETS = sorted(STATIC.glob("*.css"))
DECLARED = re.compile(r"(--[a-z0-9-]+):\s*([^;]+);")


def _properties() -> dict[str, str]:
    return {name: value for sheet in SHEETS for name, value in DECLARED.findall(sheet.read_text())}


def _colour(name: str) -> str:
    """The #rrggbb a custom property comes to."""
    value = _properties()[name]
    while reference := re.fullmatch(r"var\((--[a-z0-9-]+)\)", value):
        value = _properties()[reference[1]]
    assert re.fullmatch(r"#[0-9a-f]{6}", value), (name, value)
    return value


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(_colour(one)), _luminance(_colour(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_stylesheet_uses_only_properties_that_exist(sheet: Path) -> None:
    used = set(re.findall(r"var\((--[a-z0-9-]+)", sheet.read_text()))
    assert used - _properties().keys() == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_stylesheet_fetches_nothing_from_elsewhere(sheet: Path) -> None:
    text = sheet.read_text()
    assert "@import" not in text
    assert [
        url for url in re.findall(r"url\(\s*['\"]?([^'\")]+)", text) if not (STATIC / url).is_file()
    ] == []


def test_stylesheets_are_small() -> None:
    assert sum(sheet.stat().st_size for sheet in SHEETS) < 48_000


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("--ink", "--ground"),
        ("--ink-soft", "--ground"),
        ("--ink-soft", "--ground-soft"),
        ("--key-strong", "--ground"),
        ("--key-strong", "--ground-soft"),
        ("--key-strong", "--key-soft"),
        ("--color-primitive-magenta-900", "--ground-soft"),
        ("--color-primitive-orange-800", "--ground"),
        ("--ground", "--key"),
        ("--ground", "--key-strong"),
        ("--ground", "--bad"),
        ("--bad", "--ground"),
        ("--bad", "--key-soft"),
        ("--ink", "--color-primitive-yellow-200"),
        ("--key-strong", "--color-primitive-blue-200"),
        ("--color-primitive-green-1000", "--color-primitive-green-50"),
        ("--color-primitive-yellow-1200", "--color-primitive-yellow-50"),
        ("--color-primitive-red-1000", "--color-primitive-red-50"),
        ("--color-primitive-red-1100", "--color-primitive-red-50"),
        ("--color-neutral-solid-gray-600", "--ground"),
    ],
)
def test_text_contrast_is_at_least_four_and_a_half(text: str, ground: str) -> None:
    assert _contrast(text, ground) >= 4.5


@pytest.mark.parametrize(
    ("line", "ground"),
    [
        ("--line-strong", "--ground"),
        ("--good", "--ground"),
        ("--color-semantic-warning-yellow-2", "--ground"),
        ("--key", "--key-soft"),
        ("--color-neutral-black", "--color-primitive-yellow-300"),
    ],
)
def test_boundary_contrast_is_at_least_three(line: str, ground: str) -> None:
    assert _contrast(line, ground) >= 3


def test_make_tokens_writes_properties_and_licence(tmp_path: Path) -> None:
    files = {
        "package.json": json.dumps({"name": "@digital-go-jp/design-tokens", "version": "9.9.9"}),
        "LICENSE": "MIT License\n\nCopyright (c) 2023 デジタル庁\n",
        "dist/tokens.css": ":root {\n  --color-a: #ffffff;\n  --color-b: var(--color-a);\n}\n",
    }
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    loader = SourceFileLoader("make_tokens", str(ROOT / "bin/make-tokens"))
    spec = spec_from_loader("make_tokens", loader)
    assert spec is not None
    script = module_from_spec(spec)
    loader.exec_module(script)
    script.main(str(tmp_path / "package.tgz"), tmp_path / "tokens.css")
    assert (tmp_path / "tokens.css").read_text() == (
        "/*\n@digital-go-jp/design-tokens 9.9.9, written by bin/make-tokens. Do not edit.\n\n"
        "MIT License\n\nCopyright (c) 2023 デジタル庁\n*/\n"
        ":root {\n  --color-a: #ffffff;\n  --color-b: var(--color-a);\n}\n"
    )
