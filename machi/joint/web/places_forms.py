"""Forms of rounds, places, rules and agreements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from machi.base.models import Municipality
from machi.base.web.forms import TableField
from machi.base.web.towns import town_field
from machi.joint.domain.places_kinds import STANDARD, Item, Tie
from machi.joint.models import PlaceAgreement, PlaceFacility, PlaceRound

OWN_ROWS = 3
"""Empty rows for items of a town's own."""
MOST_TIES = 4


def day(label: Any, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, widget=widget)


class DatesForm(forms.Form):
    title = forms.CharField(label=_("件名"), max_length=120, help_text=_("例：令和9年4月入所 保育の広域利用"))
    year = forms.IntegerField(label=_("年度（西暦）"), min_value=2000, max_value=2100)
    deadline = day(_("申込の締切"))
    starts_on = day(_("利用の始まる日"))


class RoundForm(DatesForm):
    kind = forms.ChoiceField(label=_("種類"), choices=PlaceRound.Kind.choices, widget=forms.RadioSelect)
    classes = forms.CharField(
        label=_("区分（1行に1つ）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "枠を数える区分です。空欄なら、保育は年齢、高齢者の入所は部屋と要介護度、ショートステイは利用の始まる日から8週間。"
        ),
    )
    field_order = ("kind",)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class FacilityForm(forms.Form):
    code = forms.CharField(
        label=_("施設番号"),
        max_length=20,
        help_text=_("申込の一覧で施設を示す番号です。共同体の中で重ならないようにしてください。"),
    )
    name = forms.CharField(label=_("施設名"), max_length=80)
    area = forms.CharField(
        label=_("地区"), max_length=40, required=False, help_text=_("同じ地区の施設は「近く」と数えます。")
    )
    own_only = forms.BooleanField(label=_("ほかの町の人を受け入れない"), required=False)

    def __init__(self, data: Any = None, *, about: PlaceRound, facility: PlaceFacility | None = None) -> None:
        initial: dict[str, Any] = {"flexible": 0}
        if facility:
            names = ("code", "name", "area", "own_only", "flexible", "shared")
            initial = {name: getattr(facility, name) for name in names}
        super().__init__(data, initial=initial)
        self.about = about
        for at, label in enumerate(about.classes):
            self.fields[f"seats-{at}"] = forms.IntegerField(
                label=_now("%(label)sの枠") % {"label": label},
                min_value=0,
                max_value=999,
                required=False,
                initial=facility.seats.get(label, 0) if facility else 0,
            )
        self.fields["flexible"] = forms.IntegerField(
            label=_("融通できる枠"),
            min_value=0,
            max_value=999,
            help_text=_("上の枠のほかに、次の区分のどれにでも使える枠です。"),
        )
        self.fields["shared"] = forms.MultipleChoiceField(
            label=_("融通できる区分"),
            required=False,
            choices=[(label, label) for label in about.classes],
            widget=forms.CheckboxSelectMultiple,
        )

    def given(self) -> dict[str, Any]:
        seats = {label: self.cleaned_data[f"seats-{at}"] for at, label in enumerate(self.about.classes)}
        return {**self.cleaned_data, "seats": seats}


class TableForm(forms.Form):
    """Points of the standard items, items of the town's own, and the order of tie rules."""

    def __init__(
        self,
        data: Any = None,
        *,
        about: PlaceRound,
        town: Municipality,
        items: Sequence[Item],
        ties: Sequence[Tie],
    ) -> None:
        super().__init__(data)
        self.town = town
        self.standard = list(STANDARD[about.kind])
        now = {one.key: one for one in items}
        for one in self.standard:
            self.fields[f"points-{one.key}"] = _points(
                one.label, now[one.key].points if one.key in now else 0
            )
        own = [one for one in items if one.key.startswith(f"{town.pk}-")]
        self.own = own + [None] * OWN_ROWS
        for at, mine in enumerate(self.own, 1):
            number = {"number": at}
            self.fields[f"own-label-{at}"] = forms.CharField(
                label=_now("町独自の項目%(number)s") % number,
                max_length=80,
                required=False,
                initial=mine.label if mine else "",
            )
            self.fields[f"own-points-{at}"] = _points(
                _now("町独自の項目%(number)sの点数") % number, mine.points if mine else 0
            )
            self.fields[f"own-most-{at}"] = forms.IntegerField(
                label=_now("町独自の項目%(number)sの最大の数") % number,
                min_value=1,
                max_value=999,
                required=False,
                initial=mine.most if mine else 1,
                help_text=_("はい・いいえの項目なら1。"),
            )
        choices: list[tuple[str, Any]] = [("", _("（使わない）"))]
        for one in [*self.standard, *own]:
            choices += [
                (f"{one.key}:high", _now("%(label)s：多い順") % {"label": one.short}),
                (f"{one.key}:low", _now("%(label)s：少ない順") % {"label": one.short}),
            ]
        for at in range(1, MOST_TIES + 1):
            tie = ties[at - 1] if at <= len(ties) else None
            self.fields[f"tie-{at}"] = forms.ChoiceField(
                label=_now("同点のとき（%(number)s番目）") % {"number": at},
                choices=choices,
                required=False,
                initial=f"{tie.key}:{'high' if tie.higher else 'low'}" if tie else "",
            )

    def items(self) -> list[Item]:
        given = self.cleaned_data
        found = [
            Item(one.key, one.label, given[f"points-{one.key}"] or 0, one.most, one.at)
            for one in self.standard
        ]
        used = [int(one.key.rpartition("-")[2]) for one in self.own if one]
        fresh = max(used, default=0)
        for at, mine in enumerate(self.own, 1):
            label = given[f"own-label-{at}"].strip()
            if not label:
                continue
            fresh += mine is None
            key = mine.key if mine else f"{self.town.pk}-{fresh}"
            found.append(Item(key, label, given[f"own-points-{at}"] or 0, given[f"own-most-{at}"] or 1))
        return found

    def ties(self) -> list[Tie]:
        chosen = [self.cleaned_data[f"tie-{at}"] for at in range(1, MOST_TIES + 1)]
        return [
            Tie(key, how == "high") for key, _colon, how in (one.rpartition(":") for one in chosen if one)
        ]


def _points(label: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=-999, max_value=999, required=False, initial=initial)


class AgreementForm(forms.Form):
    equal = forms.BooleanField(
        label=PlaceAgreement._meta.get_field("equal").verbose_name,
        required=False,
        help_text=_("選ばないと、この町の人をすべて先に選びます。"),
    )
    quota = forms.IntegerField(
        label=PlaceAgreement._meta.get_field("quota").verbose_name,
        required=False,
        min_value=0,
        max_value=9999,
        help_text=_("空欄なら限りません。"),
    )

    def __init__(self, data: Any = None, *, towns: Any) -> None:
        super().__init__(data)
        self.fields["home"] = town_field(towns, _("受け入れる町"))
        self.order_fields(("home",))


class ImportForm(forms.Form):
    file = TableField(
        label=_("申込の一覧（ExcelかCSV）"),
        help_text=_("様式の列のとおりに、1人1行で。同じ家庭番号の家庭がもうあるときは、置き換えます。"),
    )


class FacilityListForm(forms.Form):
    file = TableField(
        label=_("施設の一覧（ExcelかCSV）"),
        help_text=_("様式の列のとおりに、1施設1行で。同じ施設番号の施設がもうあるときは、直します。"),
    )


class ResultFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("結果"),
        required=False,
        choices=[
            ("", _("すべて")),
            ("placed", _("決まった")),
            ("waiting", _("待機")),
            ("changed", _("職員が変えた")),
            ("declined", _("辞退")),
        ],
    )
    class_label = forms.ChoiceField(label=_("区分"), required=False)

    def __init__(self, data: Any = None, *, about: PlaceRound) -> None:
        super().__init__(data)
        self.fields["class_label"].choices = [  # type: ignore[attr-defined]
            ("", _("すべて")),
            *((one, one) for one in about.classes),
        ]


class ChangeForm(forms.Form):
    facility: forms.ModelChoiceField[PlaceFacility] = forms.ModelChoiceField(
        label=_("割り当てる施設"),
        queryset=None,
        required=False,
        empty_label=_("（割り当てない・待機）"),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("暗号化して、この町だけが読めるように保存します。"),
    )

    def __init__(self, data: Any = None, *, places: Any, initial: Any = None) -> None:
        super().__init__(data, initial={"facility": initial})
        self.fields["facility"].queryset = places  # type: ignore[attr-defined]
