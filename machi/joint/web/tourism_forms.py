"""Forms of joint tourism."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Field, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from machi.base.engine.tables import LARGEST
from machi.base.models import Municipality
from machi.base.web.towns import MOST_LISTED, TownField, town_field, towns_field
from machi.joint.domain.tourism import FIELDS
from machi.joint.domain.tourism_plans import MOST_DAYS, Wishes
from machi.joint.domain.tourism_queries import clock_of
from machi.joint.engine.routes_travel import Mode
from machi.joint.models import BookingRequest, Spot

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
WEEKDAYS = [
    (str(at), label)
    for at, label in enumerate((_("月曜"), _("火曜"), _("水曜"), _("木曜"), _("金曜"), _("土曜"), _("日曜")))
]
MODES = [(Mode.CAR, _("車")), (Mode.RAIL, _("電車とバス")), (Mode.WALK, _("歩き"))]
LUNCHES = [("0", _("入れない")), ("45", _("45分")), ("60", _("60分")), ("90", _("90分"))]
FARTHEST = 730
"""Days ahead for which a route may be planned."""


if TYPE_CHECKING:
    _SpotModelForm = forms.ModelForm[Spot]
else:
    _SpotModelForm = forms.ModelForm


class SpotForm(_SpotModelForm):
    weekdays = forms.MultipleChoiceField(
        label=_("開く曜日"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    closed_dates = forms.CharField(
        label=_("ほかに休む日"),
        required=False,
        help_text=_("例：2027-01-01、2027-01-02。日付を「、」で区切ります。"),
        max_length=4000,
    )

    url = forms.URLField(label=_("公式ページ"), required=False, max_length=500, assume_scheme="https")
    field_order = FIELDS

    class Meta:
        model = Spot
        fields = [name for name in FIELDS if name not in ("url", "weekdays", "closed_dates")]  # noqa: RUF012
        widgets: ClassVar = {
            "opens": TIME,
            "closes": TIME,
            "starts_on": DATE,
            "ends_on": DATE,
            "description": forms.Textarea(attrs={"rows": 3}),
            "description_en": forms.Textarea(attrs={"rows": 3}),
            "description_easy": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "opens": _("分からないときは両方空けます。その間は行程に入りません。"),
            "closes": _("24時までは23:59と書きます。"),
            "hours_note": _(
                "例：祝日の翌日は休み。決まった曜日のほかの休みは、上の欄に日付で入れてください。"
            ),
            "starts_on": _("イベントのとき。季節だけ開くスポットにも使えます。"),
            "operator_email": _("予約の希望をこの宛先に知らせます。公開されません。暗号化して保存します。"),
            "takes_requests": _("宛先がないときは、町の職員が画面で答えます。"),
            "published": _("公開すると、どの町のページからも行程に入れられます。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        spot: Spot | None = kwargs.get("instance")
        if spot is not None:
            days = [str(at) for at, shown in enumerate(spot.weekdays) if shown == "1"]
            kwargs["initial"] = {"weekdays": days, "closed_dates": "、".join(spot.closed_dates)}
        else:
            kwargs.setdefault("initial", {"weekdays": [value for value, _label in WEEKDAYS]})
        super().__init__(*args, **kwargs)
        for name in ("latitude", "longitude", "visit_minutes", "largest_party"):
            field = Spot._meta.get_field(name)
            assert isinstance(field, Field)
            self.fields[name].validators.extend(field.validators)

    def clean_weekdays(self) -> str:
        return "".join("1" if value in self.cleaned_data["weekdays"] else "0" for value, _label in WEEKDAYS)

    def clean_closed_dates(self) -> list[str]:
        parts = [part for part in re.split(r"[、,\s]+", self.cleaned_data["closed_dates"]) if part]
        try:
            return sorted({date.fromisoformat(part).isoformat() for part in parts})
        except ValueError:
            raise forms.ValidationError(_("2027-01-01 の形で書いてください。")) from None

    def _post_clean(self) -> None:
        """The verb writes and checks; the form only reads."""


class SpotFilter(forms.Form):
    q = forms.CharField(label=_("名前"), required=False, max_length=60)
    category = forms.ChoiceField(label=_("分類"), required=False)

    def __init__(self, data: Any, towns: QuerySet[Municipality]) -> None:
        super().__init__(data)
        self.fields["town"] = town_field(towns, _("町"), required=False, empty=_("すべて"))
        self.fields["category"].choices = [("", _("すべて")), *Spot.Category.choices]  # type: ignore[attr-defined]

    def narrowed(self, spots: Any) -> Any:
        if not self.is_valid():
            return spots
        given = self.cleaned_data
        if given["q"]:
            spots = spots.filter(name__icontains=given["q"]) | spots.filter(name_en__icontains=given["q"])
        if given["town"]:
            spots = spots.filter(municipality=given["town"])
        return spots.filter(category=given["category"]) if given["category"] else spots


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("一覧のファイル"),
        help_text=_("ExcelかCSV。観光施設一覧、公共施設一覧、イベント一覧、公衆無線LANの見出しを読みます。"),
    )
    category = forms.ChoiceField(
        label=_("「分類」の列がない行の分類"),
        choices=Spot.Category.choices,
        initial=Spot.Category.FACILITY,
    )
    visit_minutes = forms.IntegerField(
        label=_("「滞在時間（分）」の列がない行の滞在時間（分）"), initial=60, min_value=5, max_value=720
    )
    source = forms.CharField(
        label=_("出典とライセンス"),
        max_length=200,
        help_text=_("スポットのページに出ます。例：焼津市オープンデータ、CC BY 4.0"),
    )
    published = forms.BooleanField(
        label=_("開く時刻が分かる行は、すぐ公開する"), required=False, initial=True
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("ファイルが大きすぎます。"))
        return file


class PlannerForm(forms.Form):
    starts_on = forms.DateField(label=_("初日"), widget=DATE)
    days = forms.TypedChoiceField(
        label=_("日数"), coerce=int, choices=[(number, number) for number in range(1, MOST_DAYS + 1)]
    )
    mode = forms.ChoiceField(
        label=_("移動のしかた"), choices=MODES, widget=forms.RadioSelect, initial=Mode.CAR
    )
    begin = forms.TypedChoiceField(label=_("朝、出発する時刻"), coerce=int, initial=540)
    end = forms.TypedChoiceField(label=_("夕方、着いていたい時刻"), coerce=int, initial=1020)
    lunch = forms.TypedChoiceField(
        label=_("昼休み"),
        coerce=int,
        choices=LUNCHES,
        initial="60",
        help_text=_("11時から13時半の間に始めます。"),
    )
    interests = forms.MultipleChoiceField(
        label=_("関心のあること"),
        required=False,
        choices=[one for one in Spot.Category.choices if one[0] != Spot.Category.GATE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("選ばなければ、どれも同じように見ます。"),
    )
    must = forms.MultipleChoiceField(
        label=_("必ず行く所"), required=False, widget=forms.CheckboxSelectMultiple
    )
    avoid = forms.MultipleChoiceField(
        label=_("行かない所"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any,
        *,
        towns: QuerySet[Municipality],
        gates: Callable[[], Sequence[Spot]],
        must: Sequence[Spot],
        avoid: Sequence[Spot],
        initial: dict[str, Any] | None = None,
    ) -> None:
        """``gates``: the stations and car parks that a plan may start from; asked for where they fit into a list."""
        begin = {"starts_on": timezone.localdate() + timedelta(days=7), "must": [one.pk for one in must]}
        super().__init__(data, initial={**begin, "avoid": [one.pk for one in avoid], **(initial or {})})
        clocks = [(minutes, clock_of(minutes)) for minutes in range(6 * 60, 22 * 60 + 1, 30)]
        many = towns.count() > MOST_LISTED
        for name, (label, hint, required) in _PLACES.items():
            self.fields[name] = (
                TownPlaceField(towns, label=label, hint=hint if required else _SAME, required=required)
                if many
                else forms.ChoiceField(label=label, help_text=hint, required=required)
            )
        self.fields["towns"] = towns_field(
            towns, _("行く町"), hint=_("選ばなければ、すべての町から選びます。"), required=False
        )
        choices: dict[str, list[Any]] = {
            "begin": clocks,
            "end": clocks,
            **({} if many else _places(towns, gates())),
            "must": [(one.pk, f"{one}（{one.municipality}）") for one in must],
            "avoid": [(one.pk, f"{one}（{one.municipality}）") for one in avoid],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        for name in ("must", "avoid"):
            if not choices[name]:
                del self.fields[name]

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        today = timezone.localdate()
        if not today <= day <= today + timedelta(days=FARTHEST):
            raise forms.ValidationError(_("今日から2年先までの日を選んでください。"))
        return day

    def wishes(self) -> Wishes:
        given = dict(self.cleaned_data)
        given["towns"] = [one.pk for one in given["towns"] or ()]
        for name in ("must", "avoid"):
            given[name] = [int(one) for one in given.get(name, ())]
        return Wishes(**given)


_PLACES: dict[str, tuple[Any, Any, bool]] = {
    "start": (_("出発する所"), "", True),
    "finish": (_("最後に着く所"), "", False),
    "stay": (_("泊まる所"), _("2日以上のとき。"), False),
}
"""Label, hint, whether it is needed."""
_SAME = _("書かなければ、出発する所と同じです。")


def _places(towns: Iterable[Municipality], gates: Sequence[Spot]) -> dict[str, list[Any]]:
    places = [
        *((f"spot:{one.pk}", f"{one}（{one.municipality}）") for one in gates),
        *((f"town:{one.code}", _now("%(town)sの役所のあたり") % {"town": one}) for one in towns),
    ]
    same = [("", _("出発する所と同じ"))]
    return {"start": places, "finish": [*same, *places], "stay": [*same, *places]}


class TownPlaceField(TownField):
    """A town in which a day begins or ends, as the planner names places: of many towns each begins at its office."""

    def prepare_value(self, value: Any) -> Any:
        text = str(value or "")
        return super().prepare_value(text.removeprefix("town:")) if text.startswith("town:") else value

    def clean(self, value: Any) -> str:  # type: ignore[override]  # a place, not a town
        town = super().clean(value)
        return f"town:{town.pk}" if town else ""


class AskForm(forms.Form):
    on = forms.DateField(label=_("希望日"), widget=DATE)
    at = forms.TimeField(label=_("希望の時刻"), widget=TIME)
    party = forms.IntegerField(label=_("人数"), min_value=1, max_value=999, initial=2)
    name = forms.CharField(
        label=_("お名前"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("メールアドレス"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    telephone = forms.CharField(
        label=_("電話番号"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    words = forms.CharField(
        label=_("伝えたいこと"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("お返事"),
        widget=forms.RadioSelect,
        choices=[
            (BookingRequest.State.ACCEPTED, _("受け付ける")),
            (BookingRequest.State.PROPOSED, _("別の日時を提案する")),
            (BookingRequest.State.DECLINED, _("断る")),
        ],
    )
    proposed_on = forms.DateField(label=_("提案する日"), widget=DATE, required=False)
    proposed_at = forms.TimeField(label=_("提案する時刻"), widget=TIME, required=False)
    words = forms.CharField(
        label=_("申し込んだ人へのことば"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("断るときは、理由をひとこと書いてください。"),
    )


class RequestFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *BookingRequest.State.choices]
    )


class SinceForm(forms.Form):
    since = forms.ChoiceField(
        label=_("期間"),
        required=False,
        choices=[("", _("はじめから")), ("30", _("30日")), ("365", _("1年"))],
    )

    def day(self) -> date | None:
        chosen = self.cleaned_data["since"] if self.is_valid() else ""
        return timezone.localdate() - timedelta(days=int(chosen)) if chosen else None


def clock(minutes: int) -> time:
    return time(*divmod(min(minutes, 23 * 60 + 59), 60))
