"""Forms of experts: rounds, needs, registrations, screening, rankings, reports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.base.web.forms import TableField
from machi.joint.domain.experts_import import town_named
from machi.joint.domain.experts_words import LEVELS, PARTS, SKILLS
from machi.joint.engine.matching_fit import WEIGHTS, Part, Skill
from machi.joint.models import Expert, ExpertOutcome, ExpertRound, ExpertScreening, Posting

LARGEST = 1_000_000
"""Bytes of a list to be imported: it is held by the page between the dry run and the import."""


def _date(label: Any, hint: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, widget=widget, required=required)


def _text(
    label: Any, hint: Any = "", *, required: bool = True, rows: int = 4, most: int = 2000
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _number(
    label: Any, hint: Any = "", *, least: int = 0, most: int, initial: int | None = None
) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, min_value=least, max_value=most, initial=initial)


class RoundForm(forms.Form):
    title = forms.CharField(label=_("件名"), max_length=120, help_text=_("例：2027年度 デジタル専門家の募集"))
    note = _text(_("お知らせ"), _("募集のページに載ります。"), required=False, rows=3)
    register_by = _date(_("応募の期限"))
    rank_by = _date(_("希望順位の期限"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for part in Part:
            self.fields[part.value] = _number(
                _now("適合度の重み: %(part)s") % {"part": PARTS[part]}, most=100, initial=int(WEIGHTS[part])
            )

    def given(self) -> dict[str, Any]:
        names = ("title", "note", "register_by", "rank_by")
        weights = {part.value: self.cleaned_data[part.value] for part in Part}
        return {**{name: self.cleaned_data[name] for name in names}, "weights": weights}


class SkillsMixin(forms.Form):
    """A level for each skill; 0 leaves it out."""

    none_label: Any = _("なし")

    def add_skills(self, known: Mapping[str, int], label: Any) -> None:
        choices = [(0, self.none_label), *((level, f"{level}　{words}") for level, words in LEVELS.items())]
        for skill in Skill:
            self.fields[f"skill-{skill}"] = forms.TypedChoiceField(
                label=label % {"skill": SKILLS[skill]},
                choices=choices,
                coerce=int,
                initial=known.get(skill.value, 0),
            )

    def skills(self) -> dict[str, int]:
        levels = {skill.value: self.cleaned_data[f"skill-{skill}"] for skill in Skill}
        return {skill: level for skill, level in levels.items() if level}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if all(f"skill-{skill}" in given for skill in Skill) and not self.skills():
            self.add_error(f"skill-{next(iter(Skill))}", _("技能を1つは選んでください。"))
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", _("終わりの日は、始まりの日より後にしてください。"))
        return given


class NeedForm(SkillsMixin):
    none_label = _("求めない")
    title = forms.CharField(label=_("件名"), max_length=120, help_text=_("例：クラウドへの移行計画づくり"))
    work = _text(_("頼みたい仕事"), _("困っていることと、どうなればよいか。専門家が読みます。"))
    hours = _number(_("1人あたりの時間（月）"), least=1, most=300)
    on_site = _number(_("来てほしい日数（月）"), _("0なら、すべてリモートです。"), most=31, initial=0)
    first = _date(_("始まり"))
    last = _date(_("終わり"))
    budget = _number(_("予算（円・月）"), _("求人全体の1か月の上限です。"), most=100_000_000)
    places = _number(_("人数"), least=1, most=50, initial=1)

    def __init__(self, data: Any = None, *, posting: Posting | None = None) -> None:
        names = ("title", "work", "hours", "on_site", "first", "last", "budget", "places")
        super().__init__(data, initial={name: getattr(posting, name) for name in names} if posting else None)
        self.add_skills(posting.skills if posting else {}, _("求める技能: %(skill)s"))

    def given(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.cleaned_data.items() if not name.startswith("skill-")}
        return {**kept, "skills": self.skills()}


class ProfileForm(SkillsMixin):
    name = forms.CharField(
        label=_("氏名"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
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
    employer = forms.CharField(label=_("勤め先"), max_length=120, required=False)
    evidence = _text(
        _("実績を確かめられるもの"),
        _("資格、公開している成果、職歴など。見るのは共同事務局だけで、自治体には見せません。"),
        required=False,
    )
    summary = _text(
        _("経験（名前の出ない紹介）"),
        _("自治体が読みます。氏名、勤め先、連絡先など、あなたと分かることは書かないでください。"),
    )
    hours = _number(_("使える時間（月）"), least=1, most=300)
    on_site = _number(_("現地に行ける日数（月）"), _("0なら、すべてリモートです。"), most=31, initial=0)
    home = forms.CharField(
        label=_("拠点の市区町村"),
        max_length=60,
        help_text=_("例：神奈川県厚木市。自治体には都道府県だけを見せます。"),
    )
    travels = _number(_("行ける距離（片道km）"), _("現地に行く場合に。"), most=3000, initial=0)
    first = _date(_("始められる日"))
    last = _date(_("終わりの日"))
    fee = _number(_("希望する報酬（円・時間）"), most=1_000_000)
    quota = _number(_("同時に受けられる自治体の数"), least=1, most=20, initial=1)
    conflicts = _text(
        _("利害関係のある自治体"),
        _("取引先、家族の勤め先など、公正に働けない自治体。「、」で区切ります。組み合わせから外します。"),
        required=False,
        rows=2,
    )
    conflict_note = _text(_("利害関係の内容"), _("見るのは共同事務局だけです。"), required=False, rows=2)

    def __init__(self, data: Any = None, *, consortium: Consortium, expert: Expert | None = None) -> None:
        super().__init__(data, initial=self._now(expert) if expert else None)
        self.consortium = consortium
        self.add_skills(expert.skills if expert else {}, _("技能: %(skill)s"))

    @staticmethod
    def _now(expert: Expert) -> dict[str, Any]:
        names = (
            "name", "email", "telephone", "employer", "evidence", "summary", "hours", "on_site", "travels",
            "first", "last", "fee", "quota", "conflict_note",
        )  # fmt: skip
        town = expert.home
        return {
            **{name: getattr(expert, name) for name in names},
            "home": f"{town.prefecture.name}{town.name}",
            "conflicts": "、".join(one.name for one in expert.conflicts.all()),
        }

    def clean_home(self) -> Municipality:
        found = town_named(self.cleaned_data["home"])
        if found is None:
            raise forms.ValidationError(
                _("市区町村が見つからないか、1つに決まりません。都道府県から書いてください。")
            )
        return found

    def clean_conflicts(self) -> list[Municipality]:
        known = {town.pk for town in members(self.consortium)}
        found = []
        for words in re.split(r"[、,，;；\n]", self.cleaned_data["conflicts"]):
            if not words.strip():
                continue
            town = town_named(words)
            if town is None or town.pk not in known:
                raise forms.ValidationError(
                    _("「%(words)s」は、この共同体の自治体として見つかりません。"),
                    params={"words": words.strip()},
                )
            found.append(town)
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("on_site") and not given.get("travels"):
            self.add_error("travels", _("現地に行けるときは、行ける距離も書いてください。"))
        return given

    def given(self) -> dict[str, Any]:
        left_out = ("conflicts", "understood")
        kept = {
            name: value
            for name, value in self.cleaned_data.items()
            if not name.startswith("skill-") and name not in left_out
        }
        return {**kept, "skills": self.skills()}


class RegisterForm(ProfileForm):
    """The public page's."""

    understood = forms.BooleanField(
        label=_("自治体には、双方が承諾するまで、氏名・連絡先・勤め先・実績を見せないことを読みました。")
    )


class LostForm(forms.Form):
    email = forms.EmailField(
        label=_("メールアドレス"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class ScreenForm(forms.Form):
    passed = forms.TypedChoiceField(
        label=_("結果"),
        choices=[("yes", _("通す")), ("no", _("見送る"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = _text(
        _("理由"),
        _("暗号化して残し、自治体には見せません。見送るときは、本人にメールとページで伝えます。"),
        rows=3,
    )


class ReasonForm(forms.Form):
    reason = _text(_("理由"), rows=3)


class RankForm(forms.Form):
    """A number for each of the others; the same number is a tie, none is no wish."""

    def __init__(self, data: Any, others: Sequence[tuple[int, str, int | None]]) -> None:
        super().__init__(data)
        self.others = others
        for pk, label, tier in others:
            self.fields[f"tier-{pk}"] = forms.IntegerField(
                label=_now("「%(name)s」の順位") % {"name": label},
                required=False,
                min_value=1,
                max_value=999,
                initial=tier,
            )

    def tiers(self) -> dict[int, int]:
        given = {pk: self.cleaned_data[f"tier-{pk}"] for pk, _label, _tier in self.others}
        return {pk: tier for pk, tier in given.items() if tier is not None}


class ExpertFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", _("すべて")), *Expert.State.choices]
    )
    skill = forms.ChoiceField(label=_("技能"), required=False)

    def __init__(self, data: Any, *, office: bool) -> None:
        super().__init__(data)
        self.fields["skill"].choices = [("", _("すべて")), *SKILLS.items()]  # type: ignore[attr-defined]
        if not office:
            del self.fields["state"]


class PostingFilter(forms.Form):
    skill = forms.ChoiceField(label=_("技能"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["skill"].choices = [("", _("すべて")), *SKILLS.items()]  # type: ignore[attr-defined]


class PinForm(forms.Form):
    """A pair to fix before everything else, to see what follows."""

    expert = forms.TypedChoiceField(label=_("固定する専門家"), coerce=int)
    posting = forms.TypedChoiceField(label=_("固定する求人"), coerce=int)

    def __init__(self, data: Any, experts: Sequence[Expert], postings: Sequence[Posting]) -> None:
        super().__init__(data)
        self.fields["expert"].choices = [(one.pk, one.alias) for one in experts]  # type: ignore[attr-defined]
        self.fields["posting"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.town} {one.title}") for one in postings
        ]


class AnswerForm(forms.Form):
    accept = forms.TypedChoiceField(
        label=_("返事"),
        choices=[("yes", _("承諾する")), ("no", _("辞退する"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class EndForm(ReasonForm):
    on = _date(_("終わった日"))
    field_order = ("on", "reason")


class ReportForm(forms.Form):
    month = forms.DateField(
        label=_("月"),
        help_text=_("例：2027-04"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    hours = forms.DecimalField(
        label=_("働いた時間"), min_value=0, max_value=744, max_digits=5, decimal_places=1
    )
    work = _text(_("したこと"), _("氏名や住民の個人情報は書かないでください。"))


class OutcomeForm(forms.ModelForm[ExpertOutcome]):
    class Meta:
        model = ExpertOutcome
        fields = ("name", "unit", "before", "target", "actual", "measured_on")
        widgets = {"measured_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actual"].required = self.fields["measured_on"].required = False
        self.fields["name"].help_text = _("例：オンライン申請にした手続きの数")


class ImportForm(forms.Form):
    file = TableField(
        label=_("応募の一覧"),
        help_text=_("ExcelかCSV（UTF-8、Shift_JIS）。1MB、1,000人まで。"),
        largest=LARGEST,
    )


STEP_LABELS = dict(ExpertScreening.Step.choices)
ROUND_CHIPS = {
    ExpertRound.State.OPEN: "success",
    ExpertRound.State.RANKING: "info",
    ExpertRound.State.RELEASED: "warning",
    ExpertRound.State.CLOSED: "",
}
