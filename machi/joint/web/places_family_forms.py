"""Forms of a town's families and of who in them asks for a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from machi.joint.domain.places_families import MOST_WISHES
from machi.joint.domain.places_kinds import Item
from machi.joint.models import PlaceApplicant, PlaceFacility, PlaceFamily, PlaceRound


class FamilyForm(forms.Form):
    number = forms.CharField(
        label=_("家庭番号"), max_length=20, required=False, help_text=_("空欄なら、次の番号を付けます。")
    )
    name = forms.CharField(label=_("代表者の氏名"), max_length=80)
    address = forms.CharField(label=_("住所"), max_length=200, required=False)
    together = forms.ChoiceField(label=_("2人以上のとき"), choices=PlaceFamily.Together.choices)
    partly = forms.BooleanField(label=_("全員が無理なら一部の人だけでもよい"), required=False)

    def __init__(self, data: Any = None, *, family: PlaceFamily | None = None) -> None:
        names = ("number", "name", "address", "together", "partly")
        super().__init__(data, initial={name: getattr(family, name) for name in names} if family else None)


class ApplicantForm(forms.Form):
    name = forms.CharField(label=_("利用する人の氏名"), max_length=80)
    class_label = forms.ChoiceField(label=_("区分"))

    def __init__(
        self,
        data: Any = None,
        *,
        about: PlaceRound,
        places: Sequence[PlaceFacility],
        items: Sequence[tuple[Item, str]],
        applicant: PlaceApplicant | None = None,
    ) -> None:
        super().__init__(data)
        self.items, self.places = items, places
        self.fields["class_label"].choices = [(one, one) for one in about.classes]  # type: ignore[attr-defined]
        if applicant:
            self.fields["name"].initial = applicant.name
            self.fields["class_label"].initial = applicant.class_label
        self._add_wishes(places, applicant.wishes if applicant else [])
        facts = applicant.facts if applicant else {}
        facts_at = applicant.facts_at if applicant else {}
        for item, town in items:
            label = f"{item.label}（{town}）" if town else item.label
            self.fields[f"item-{item.key}"] = self._item(item, label, facts, facts_at)

    def _add_wishes(self, places: Sequence[PlaceFacility], wishes: Sequence[int]) -> None:
        choices = [("", _("（なし）")), *((one.pk, f"{one.name}（{one.town.name}）") for one in places)]
        for at in range(1, MOST_WISHES + 1):
            self.fields[f"wish_{at}"] = forms.TypedChoiceField(
                label=_now("第%(rank)s希望") % {"rank": at},
                choices=choices,
                coerce=int,
                empty_value=None,
                required=at == 1,
                initial=wishes[at - 1] if at <= len(wishes) else "",
            )

    def _item(
        self, item: Item, label: str, facts: dict[str, int], facts_at: dict[str, dict[str, int]]
    ) -> forms.Field:
        if item.at:
            return forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=[(str(one.pk), f"{one.name}（{one.town.name}）") for one in self.places],
                initial=[pk for pk, here in facts_at.items() if here.get(item.key)],
                widget=forms.SelectMultiple(attrs={"size": 4}),
            )
        if item.most == 1:
            return forms.BooleanField(label=label, required=False, initial=bool(facts.get(item.key)))
        return forms.IntegerField(
            label=label, required=False, min_value=0, max_value=item.most, initial=facts.get(item.key, 0)
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        wishes = [one for at in range(1, MOST_WISHES + 1) if (one := given.get(f"wish_{at}"))]
        if len(set(wishes)) != len(wishes):
            self.add_error("wish_1", _("同じ施設が2回あります。"))
        return given

    def given(self) -> dict[str, Any]:
        told = self.cleaned_data
        facts: dict[str, int] = {}
        facts_at: dict[str, dict[str, int]] = {}
        for item, _town in self.items:
            value = told[f"item-{item.key}"]
            if item.at:
                for pk in value:
                    facts_at.setdefault(pk, {})[item.key] = 1
            else:
                facts[item.key] = int(value or 0)
        return {
            "name": told["name"],
            "class_label": told["class_label"],
            "wishes": [one for at in range(1, MOST_WISHES + 1) if (one := told[f"wish_{at}"])],
            "facts": facts,
            "facts_at": facts_at,
        }
