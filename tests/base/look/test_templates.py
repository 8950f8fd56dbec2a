"""Every template of every room keeps the content security policy and names icons that exist."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

MACHI = Path(__file__).parents[3] / "machi"
TEMPLATES = sorted(MACHI.glob("*/templates/**/*.html"))
ICON = re.compile(r"components/icon\.html\" with name=\"([^\"]+)\"|\bicon=\"([^\"]+)\"")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(MACHI)))
def test_template_holds_nothing_inline(template: Path) -> None:
    text = template.read_text()
    assert re.findall(r"<[^>]*\sstyle\s*=", text) == []
    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"<[^>%]*\son[a-z]+\s*=", text) == []
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert [tag for tag in scripts if " src=" not in tag and "application/json" not in tag] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(MACHI)))
def test_template_loads_nothing_from_outside(template: Path) -> None:
    loaded = re.findall(
        r"<(?:script|link|img|source|iframe)\b[^>]*(?:src|href)=\"([^\"]*)\"", template.read_text()
    )
    assert [url for url in loaded if not url.startswith(("{% static", "{{ attrs.src }}", "{% url"))] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(MACHI)))
def test_template_names_icons_that_exist(template: Path) -> None:
    sprite = ElementTree.parse(MACHI / "base/static/base/icons.svg")
    drawn = {symbol.get("id") for symbol in sprite.iter("{http://www.w3.org/2000/svg}symbol")}
    named = {one or other for one, other in ICON.findall(template.read_text())}
    assert named - drawn == set()
