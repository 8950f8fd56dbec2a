"""Finds a municipality by what people call it: name, reading, Roman letters, code."""

import unicodedata

import jaconv
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from machi.base.engine.jisx0402 import parse
from machi.base.models import Municipality

LONGEST = 60


def find_municipalities(words: str) -> QuerySet[Municipality]:
    """Municipalities of the whole register whose name, kana, English name or code has ``words`` in it.

    With or without the prefecture before it, in any width and either kana; those that take part come first.
    """
    text = "".join(unicodedata.normalize("NFKC", words).split())[:LONGEST]
    towns = Municipality.objects.select_related("prefecture").order_by("-live", "code")
    if not text or "\x00" in text:
        return towns.none()
    if text.isascii() and text.isdigit():
        return towns.filter(Q(code__startswith=text) | Q(code__in=_codes(text)))
    kana = jaconv.kata2hira(text)
    return towns.annotate(
        full_name=Concat(F("prefecture__name"), F("name")),
        full_kana=Concat(F("prefecture__kana"), F("kana")),
        full_name_en=Concat(F("name_en"), Value(" "), F("prefecture__name_en")),
    ).filter(
        Q(full_name__contains=text)
        | Q(full_kana__contains=kana)
        | Q(full_name_en__icontains=" ".join(words.split())[:LONGEST])
    )


def _codes(text: str) -> list[str]:
    try:
        return [parse(text)]
    except ValueError:
        return []
