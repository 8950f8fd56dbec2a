"""Finds a municipality by what people call it: name, reading, Roman letters, code."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import jaconv
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.jisx0402 import parse
from machi.base.engine.town_names import LONGEST, Called, TownNames
from machi.base.models import Municipality

_MOST_TOLD = 6


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


class Towns:
    """Some towns, to be named by what people write. ``towns`` come with their prefectures."""

    def __init__(self, towns: Iterable[Municipality]) -> None:
        self._towns = {one.code: one for one in towns}
        self._names = _names(self._towns.values())

    def named(self, words: str) -> Municipality:
        """The one town that is called so. Refused where none or several are, saying which might be meant."""
        found = self._names.meant(words)
        if len(found) == 1:
            return self._towns[found[0]]
        told = {"words": words.strip()[:LONGEST], "number": len(found)}
        if found:
            raise Refused(
                _("「%(words)s」という自治体は%(number)sつあります。都道府県名から書いてください: %(towns)s")
                % {**told, "towns": _listed([self._towns[code] for code in found])}
            )
        if near := self._names.near(words):
            raise Refused(
                _(
                    "「%(words)s」という自治体はありません。この中にあれば、そのとおりに書いてください: %(towns)s"
                )
                % {**told, "towns": _listed([self._towns[code] for code in near])}
            )
        if elsewhere := _names(Municipality.objects.select_related("prefecture")).meant(words):
            towns = Municipality.objects.select_related("prefecture").filter(code__in=elsewhere)
            raise Refused(_("ここで選べる自治体ではありません: %(towns)s") % {"towns": _listed(list(towns))})
        raise Refused(
            _(
                "「%(words)s」という自治体は見つかりません。漢字、かな、6桁のコードで書けます。合併前の名前では見つかりません。"
            )
            % told
        )


def label_of(town: Municipality) -> str:
    """A town so that nobody takes it for another, and so that ``Towns.named`` reads it back."""
    return f"{town.prefecture.name}{town.name} {town.code}"


def _names(towns: Iterable[Municipality]) -> TownNames:
    return TownNames(
        Called(
            one.code,
            one.name,
            one.kana,
            one.name_en,
            one.prefecture.name,
            one.prefecture.kana,
            one.prefecture.name_en,
        )
        for one in towns
    )


def _listed(towns: Sequence[Municipality]) -> str:
    more = _("ほか%(number)s") % {"number": len(towns) - _MOST_TOLD} if len(towns) > _MOST_TOLD else ""
    return "、".join([*(label_of(one) for one in towns[:_MOST_TOLD]), *([more] if more else [])])


def _codes(text: str) -> list[str]:
    try:
        return [parse(text)]
    except ValueError:
        return []
