"""Choosing towns in a form, from three of them or from all of Japan.

Up to ``MOST_LISTED`` towns are a list to choose from or boxes to tick. Of more, one is written into a field that offers
names while one types (a ``datalist``: nothing but HTML), and several into a text field, one a line. What was written is
read on the server, and where it may mean two towns the form asks which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from machi.base.domain.errors import Refused
from machi.base.domain.finding import Towns, label_of
from machi.base.engine.town_names import LONGEST
from machi.base.models import Municipality

MOST_LISTED = 60
_MOST_WRITTEN = 2_000
ONE_HINT = _("名前、よみ、6桁のコードのどれかを書いてください。書き始めると候補が出ます。")
SEVERAL_HINT = _(
    "1行に1つ、名前、よみ、6桁のコードのどれかを書いてください。下の欄で探して足すこともできます。"
)


def town_field(
    towns: QuerySet[Municipality], label: Any, *, hint: Any = "", required: bool = True, empty: Any = None
) -> forms.Field:
    """One of ``towns``; its value is the Municipality, None for none. ``empty``: what no choice is called."""
    if towns.count() > MOST_LISTED:
        return TownField(towns, label=label, hint=hint, required=required)
    more = {} if empty is None else {"empty_label": empty}
    return forms.ModelChoiceField(towns, label=label, help_text=hint, required=required, **more)


def towns_field(
    towns: QuerySet[Municipality], label: Any, *, hint: Any = "", required: bool = True
) -> forms.Field:
    """Some of ``towns``; its value is a sequence of Municipality, in their order."""
    if towns.count() > MOST_LISTED:
        return TownsField(towns, label=label, hint=hint, required=required)
    return forms.ModelMultipleChoiceField(
        towns, label=label, help_text=hint, required=required, widget=forms.CheckboxSelectMultiple
    )


class TownInput(forms.TextInput):
    """A line that offers the towns' names while one types."""

    template_name = "base/widgets/town.html"
    listed = ""
    """Id of the list of names."""
    offered: Sequence[tuple[str, str]] = ()
    """The list, where it is to stand beside this field."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {"list": self.listed, "autocomplete": "off", "maxlength": LONGEST}
        return context | {"offered": self.offered, "listed": self.listed}


class TownsInput(forms.Textarea):
    """Names one a line, and below it lines that offer names, to add some more."""

    template_name = "base/widgets/towns.html"
    listed = ""
    offered: Sequence[tuple[str, str]] = ()
    ADDED = 3

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {"rows": 5, **(attrs or {})})
        key = context["widget"]["attrs"].get("id", name)
        added = [(f"{key}_add_{at}", f"{name}-add") for at in range(1, self.ADDED + 1)]
        return context | {"offered": self.offered, "listed": self.listed, "added": added, "longest": LONGEST}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        added = data.getlist(f"{name}-add") if hasattr(data, "getlist") else []
        return "\n".join([str(data.get(name) or ""), *added]).strip()

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-add" not in data


class _Named(forms.CharField):
    """What both fields share. ``towns`` come with their prefectures, and are read where the form is shown or sent;
    fields of a form that are given the same queryset share one list of names on the page."""

    def __init__(self, towns: QuerySet[Municipality], *, hint: Any, how: Any, **options: Any) -> None:
        self.towns = towns
        super().__init__(help_text=format_lazy("{}{}", hint, how) if hint else how, **options)

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        alike = [name for name, one in form.fields.items() if getattr(one, "towns", None) is self.towns]
        widget: Any = self.widget
        widget.listed = f"id_{form.add_prefix(alike[0])}_towns"
        widget.offered = _offered(self.towns) if alike[0] == field_name else ()
        return super().get_bound_field(form, field_name)


class TownField(_Named):
    """One of many towns, by what it is called."""

    widget = TownInput

    def __init__(self, towns: QuerySet[Municipality], *, hint: Any = "", **options: Any) -> None:
        super().__init__(towns, hint=hint, how=ONE_HINT, **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Municipality):
            return label_of(value)
        known = next((one for one in self.towns if one.pk == value), None)
        return label_of(known) if known else value

    def clean(self, value: Any) -> Municipality | None:
        words = super().clean(value)
        if not words:
            return None
        try:
            return Towns(self.towns).named(words)
        except Refused as refused:
            raise forms.ValidationError(str(refused.message)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class TownsField(_Named):
    """Several of many towns, by what they are called."""

    widget = TownsInput

    def __init__(self, towns: QuerySet[Municipality], *, hint: Any = "", **options: Any) -> None:
        super().__init__(towns, hint=hint, how=SEVERAL_HINT, **options)

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        known = {one.pk: one for one in self.towns}
        chosen: Iterable[Municipality] = (
            one if isinstance(one, Municipality) else known[one]
            for one in value
            if isinstance(one, Municipality) or one in known
        )
        return "\n".join(label_of(one) for one in chosen)

    def clean(self, value: Any) -> list[Municipality]:
        words = [one.strip() for one in re.split(r"[\n、，,;；]", super().clean(value)) if one.strip()]
        if len(words) > _MOST_WRITTEN:
            raise forms.ValidationError(
                _("自治体は%(most)sまでにしてください。"), params={"most": _MOST_WRITTEN}
            )
        names, found, wrong = Towns(self.towns), {}, []
        for one in words:
            try:
                town = names.named(one)
            except Refused as refused:
                wrong.append(forms.ValidationError(str(refused.message)))
            else:
                found[town.pk] = town
        if wrong:
            raise forms.ValidationError(wrong)
        return [found[code] for code in sorted(found)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _offered(towns: Iterable[Municipality]) -> list[tuple[str, str]]:
    """Names as they are read back, each with what else people type for it."""
    return [(label_of(one), f"{one.kana} {one.name_en}") for one in towns]
