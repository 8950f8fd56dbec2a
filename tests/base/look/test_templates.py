"""Every template of every room keeps the content security policy and names icons that exist."""

import re
from pathlib import Path
from xml.etree import ElementTree

MACHI = Path(__file__).parents[3] / "machi"
TEMPLATES = {
    str(path.relative_to(MACHI)): path.read_text() for path in sorted(MACHI.glob("*/templates/**/*.html"))
}
INLINE = re.compile(r"<[^>]*\sstyle\s*=|<style\b|<[^>%]*\son[a-z]+\s*=")
SCRIPT = re.compile(r"<script\b[^>]*>")
LOADED = re.compile(r"<(?:script|link|img|source|iframe)\b[^>]*\s(?:src|href)=\"([^\"]*)\"")
ICON = re.compile(r"components/icon\.html\" with name=\"([^\"]+)\"|\bicon=\"([^\"]+)\"")


def test_templates_hold_nothing_inline() -> None:
    offences = [(name, found[0]) for name, text in TEMPLATES.items() for found in INLINE.finditer(text)]
    scripts = [(name, tag) for name, text in TEMPLATES.items() for tag in SCRIPT.findall(text)]
    offences += [(name, tag) for name, tag in scripts if " src=" not in tag and "application/json" not in tag]
    assert offences == []


def test_templates_load_nothing_from_outside() -> None:
    loaded = [(name, url) for name, text in TEMPLATES.items() for url in LOADED.findall(text)]
    assert len(loaded) > 10
    assert [
        one
        for one in loaded
        if not one[1].startswith(("{% static", "{{ attrs.src }}", "{% url", "{{ source }}"))
    ] == []


def test_templates_name_icons_that_exist() -> None:
    sprite = ElementTree.parse(MACHI / "base/static/base/icons.svg")
    drawn = {symbol.get("id") for symbol in sprite.iter("{http://www.w3.org/2000/svg}symbol")}
    named = [(name, a or b) for name, text in TEMPLATES.items() for a, b in ICON.findall(text)]
    assert len(named) > 10
    assert [one for one in named if one[1] not in drawn] == []
