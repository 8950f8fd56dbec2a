"""Choosing a person in a form: from a list, or of more people than a list can hold by the address they sign in with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from machi.base.models import Person

MOST_LISTED = 60


def person_field(people: QuerySet[Person], label: Any, *, hint: Any = "") -> forms.Field:
    """One of ``people``; its value is the Person."""
    if people.count() > MOST_LISTED:
        return PersonField(people, label=label, help_text=hint)
    return forms.ModelChoiceField(people, label=label, help_text=hint)


class PersonField(forms.EmailField):
    """One of many people, by e-mail address: names are not unique."""

    def __init__(self, people: QuerySet[Person], *, label: Any, help_text: Any = "") -> None:
        self.people = people
        asked = _("サインインに使うメールアドレスを書いてください。")
        super().__init__(label=label, help_text=_joined(asked, help_text))
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> Person:
        address = super().clean(value)
        found = self.people.filter(email__iexact=address).first()
        if found is None:
            raise forms.ValidationError(
                _("%(address)s という人は、ここでは選べません。"), params={"address": address}
            )
        return found


def _joined(first: Any, second: Any) -> Any:
    return format_lazy("{}{}", first, second) if second else first
