"""Texts of the town as residents read them: word for word, in easier Japanese with readings above the kanji."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from machi.language.engine.easy import readings

register = template.Library()
EASIER_JAPANESE = "ja-easy"


@register.filter
def as_written(text: str) -> SafeString:
    """``text`` with its line breaks; the words stay as they are, whatever the language of the page."""
    pieces = readings(text) if get_language() == EASIER_JAPANESE else [(text, "")]
    html = format_html_join("", "{}", ((_piece(*piece),) for piece in pieces))
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308  (escaped piece by piece)


def _piece(text: str, reading: str) -> str:
    if not reading:
        return text
    return format_html("<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>", text, reading)
