"""The form in which a reviewer marks a proposal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from machi.joint.domain.calls_review import Given
from machi.joint.models import CallCriterion, ProposalReview
from machi.joint.web.calls_forms import text


class MarksForm(forms.Form):
    """Points and a comment for each criterion."""

    def __init__(
        self,
        data: Any = None,
        *,
        review: ProposalReview,
        criteria: list[CallCriterion],
        top: int,
        hand_in: bool,
    ) -> None:
        super().__init__(data)
        self.criteria = criteria
        known = {one.criterion_id: one for one in review.marks.all()}
        for one in criteria:
            mark = known.get(one.pk)
            self.fields[f"points-{one.pk}"] = forms.TypedChoiceField(
                label=_("「%(title)s」の点数") % {"title": one.title},
                choices=[("", _("まだ")), *((str(points), str(points)) for points in range(top + 1))],
                coerce=int,
                empty_value=None,
                required=hand_in,
                initial="" if mark is None else str(mark.points),
            )
            self.fields[f"comment-{one.pk}"] = text(
                _("「%(title)s」のコメント") % {"title": one.title}, 2, required=False, longest=2000
            )
            self.fields[f"comment-{one.pk}"].initial = mark.comment if mark else ""
        self.fields["comment"] = text(_("全体の講評"), 3, required=False, longest=4000)
        self.fields["comment"].initial = review.comment

    def given(self) -> dict[int, Given]:
        data = self.cleaned_data
        return {one.pk: Given(data[f"points-{one.pk}"], data[f"comment-{one.pk}"]) for one in self.criteria}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"criterion": one, "points": self[f"points-{one.pk}"], "comment": self[f"comment-{one.pk}"]}
            for one in self.criteria
        ]
