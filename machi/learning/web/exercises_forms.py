"""An exercise as a form, and the answer it gives. No field is required: what is not answered scores 0, and is told so.

The key never reaches the page: forms are built from what a task asks, not from what it wants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from machi.joint.engine.indicators import shipped
from machi.learning.domain.exercises_words import CLAIM_KEYS, CORRELATIONS
from machi.learning.engine.exercise_instruct import LONGEST
from machi.learning.engine.exercise_mask import Word, words
from machi.learning.engine.quiz_places import shown_order
from machi.learning.models import Exercise

Kind = Exercise.Kind


@dataclass(frozen=True, slots=True)
class Block:
    """A question and its fields; ``grouped``: several, under one legend."""

    legend: str
    hint: str
    fields: Sequence[BoundField]

    @property
    def grouped(self) -> bool:
        return len(self.fields) > 1


class AnswerForm(forms.Form):
    """The fields of an exercise by its kind; ``answer`` once valid."""

    def __init__(self, data: Any, exercise: Exercise) -> None:
        super().__init__(data)
        self.exercise, self.task = exercise, exercise.task
        self._blocks: list[tuple[str, str, list[str]]] = []
        _BUILD[Kind(exercise.kind)](self)

    def add(self, legend: str, fields: Mapping[str, forms.Field], hint: str = "") -> None:
        self.fields.update(fields)
        self._blocks.append((legend, hint, list(fields)))

    @property
    def blocks(self) -> list[Block]:
        return [Block(legend, hint, [self[name] for name in names]) for legend, hint, names in self._blocks]

    @property
    def text(self) -> list[tuple[Word, bool]]:
        """Of a text to mask: each word, and whether it is ticked."""
        ticked = set(self["words"].value() or ())
        return [(word, str(word.number) in ticked) for word in words(self.task)]

    @property
    def answer(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.exercise.kind == Kind.MASK:
            return {"words": [int(one) for one in given["words"]]}
        if self.exercise.kind == Kind.INSTRUCT:
            return {"instruction": given["instruction"]}
        if self.exercise.kind == Kind.SUMMARISE:
            return {"summary": given["summary"]}
        name = "claims" if self.exercise.kind == Kind.GROUND else "items"
        return {name: {item["id"]: self._item(item) for item in self.task[name]}}

    def _item(self, item: Mapping[str, Any]) -> Any:
        given, name = self.cleaned_data, _name(item)
        if item.get("kind") == "order":
            return _in_order({one["id"]: given[_name(item, one)] for one in item["options"]})
        if item.get("kind") == "match":
            chosen = {one["id"]: given[_name(item, one)] for one in item["left"]}
            return {left: right for left, right in chosen.items() if right}
        return given[name]


def _in_order(places: Mapping[str, str]) -> list[str]:
    """Ids by the places given; fewer than all where one has no place or two have the same."""
    taken = {place: one for one, place in places.items() if place}
    return [taken[place] for place in sorted(taken, key=int)]


def _name(item: Mapping[str, Any], option: Mapping[str, Any] | None = None) -> str:
    """Ids hold no dots, so no two fields have one name."""
    return f"item.{item['id']}" + (f".{option['id']}" if option else "")


def _choice(label: str, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


def _select(label: str, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("選んでください")), *choices], required=False)


def _typed(label: str, unit: str = "", most: int = 200) -> forms.CharField:
    hint = _("単位は %(unit)s です。") % {"unit": unit} if unit else ""
    return forms.CharField(label=label, help_text=hint, max_length=most, required=False)


def _long(label: str, most: int, hint: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 8})
    return forms.CharField(label=label, help_text=hint, max_length=most, required=False, widget=widget)


def _options(listed: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(one["id"], one["text"]) for one in listed]


def _mask(form: AnswerForm) -> None:
    numbers = [(str(one.number), one.text) for one in words(form.task) if one.number is not None]
    form.fields["words"] = forms.MultipleChoiceField(
        label=_("隠す言葉"), choices=numbers, required=False, widget=forms.CheckboxSelectMultiple
    )


def _ground(form: AnswerForm) -> None:
    for number, item in enumerate(form.task["claims"], start=1):
        label = f"{number}. {item['text']}"
        form.add(label, {_name(item): _choice(label, list(CLAIM_KEYS.items()))})


def _instruct(form: AnswerForm) -> None:
    label = _("指示文")
    form.add(label, {"instruction": _long(label, LONGEST, _("4,000字まで。個人情報は書かないでください。"))})


def _summarise(form: AnswerForm) -> None:
    label, most = _("要約"), form.task["at_most"]
    hint = _("%(most)s字まで（空白と改行は数えません）。") % {"most": most}
    form.add(label, {"summary": _long(label, 10 * most, hint)})


def _data(form: AnswerForm) -> None:
    data = shipped()
    names = dict(zip(data.codes, data.names, strict=True))
    for number, item in enumerate(form.task["items"], start=1):
        label, kind = f"{number}. {item['ask']}", item["kind"]
        if kind in ("value", "difference"):
            field: forms.Field = _typed(label, item["unit"])
        elif kind == "correlation":
            field = _choice(label, list(CORRELATIONS.items()))
        elif kind == "conclude":
            field = _choice(label, _options(item["options"]))
        else:
            field = _choice(label, [(code, names[code]) for code in form.task["towns"]])
        form.add(label, {_name(item): field})


def _quiz(form: AnswerForm) -> None:
    for number, item in enumerate(form.task["items"], start=1):
        label, kind, hint = f"{number}. {item['ask']}", item["kind"], ""
        fields: dict[str, forms.Field]
        if kind == "order":
            texts = {one["id"]: one for one in item["options"]}
            hint = _("それぞれが何番目かを選んでください。1が最初です。")
            places = [(str(n), str(n)) for n in range(1, len(texts) + 1)]
            fields = {
                _name(item, texts[one]): _select(texts[one]["text"], places) for one in shown_order(item)
            }
        elif kind == "match":
            hint = _("それぞれに合うものを選んでください。")
            right = _options(item["right"])
            fields = {_name(item, one): _select(one["text"], right) for one in item["left"]}
        elif kind == "multiple":
            fields = {
                _name(item): forms.MultipleChoiceField(
                    label=label,
                    help_text=_("あてはまるものをすべて選んでください。"),
                    choices=_options(item["options"]),
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
            }
        elif kind == "single":
            fields = {_name(item): _choice(label, _options(item["options"]))}
        else:
            fields = {_name(item): _typed(label, item.get("unit", ""))}
        form.add(label, fields, hint)


_BUILD = {
    Kind.MASK: _mask,
    Kind.GROUND: _ground,
    Kind.INSTRUCT: _instruct,
    Kind.SUMMARISE: _summarise,
    Kind.DATA: _data,
    Kind.QUIZ: _quiz,
}
