"""The office writes the programme: speakers, sessions, questions, materials."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import ConfirmForm
from machi.learning.domain import seminars_programme as verbs
from machi.learning.models import SeminarMaterial, SeminarQuestion, SeminarSession, SeminarSpeaker
from machi.learning.web.seminars_forms import MaterialForm, QuestionForm, SessionForm, SpeakerForm
from machi.learning.web.seminars_pages import RUN, below, posted, the_seminar
from machi.learning.web.seminars_public import material_response


@member(RUN)
def speaker(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int = 0
) -> HttpResponseBase:
    found = the_seminar(pk)
    row = get_object_or_404(SeminarSpeaker, seminar=found, pk=number) if number else None
    form = SpeakerForm(posted(request), speaker=row)
    return acted(
        request,
        form,
        lambda: verbs.put_speaker(found, visitor(request), form.cleaned_data, row),
        done=_("保存しました。"),
        **below(municipality, found, _("登壇者を直す") if row else _("登壇者を加える"), _("保存する")),
    )


@member(RUN)
def session(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int = 0
) -> HttpResponseBase:
    found = the_seminar(pk)
    row = get_object_or_404(SeminarSession, seminar=found, pk=number) if number else None
    form = SessionForm(posted(request), seminar=found, session=row)
    return acted(
        request,
        form,
        lambda: verbs.put_session(found, visitor(request), form.given(), row),
        done=_("保存しました。"),
        **below(
            municipality, found, _("セッションを直す") if row else _("セッションを加える"), _("保存する")
        ),
    )


@member(RUN)
def question(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int = 0
) -> HttpResponseBase:
    found = the_seminar(pk)
    row = get_object_or_404(SeminarQuestion, seminar=found, pk=number) if number else None
    form = QuestionForm(posted(request), question=row)
    return acted(
        request,
        form,
        lambda: verbs.put_question(found, visitor(request), form.cleaned_data, row),
        done=_("保存しました。"),
        **below(municipality, found, _("質問を直す") if row else _("質問を加える"), _("保存する")),
    )


@member(RUN)
def add_material(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    form = MaterialForm(posted(request), request.FILES or None)

    def add() -> None:
        file = form.cleaned_data["file"]
        verbs.add_material(found, visitor(request), form.cleaned_data["title"], file.name, file.read())

    return acted(
        request,
        form,
        add,
        done=_("資料を加えました。"),
        **below(municipality, found, _("資料を加える"), _("加える")),
    )


@member(RUN)
def material_file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """Also before it is public."""
    found = the_seminar(pk)
    return material_response(
        get_object_or_404(
            SeminarMaterial.objects.select_related("seminar__municipality"), seminar=found, pk=number
        )
    )


REMOVED: dict[str, tuple[Any, Any]] = {
    "speaker": (SeminarSpeaker, verbs.remove_speaker),
    "session": (SeminarSession, verbs.remove_session),
    "question": (SeminarQuestion, verbs.remove_question),
    "material": (SeminarMaterial, verbs.remove_material),
}


@member(RUN)
def remove(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, what: str, number: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    model, verb = REMOVED.get(what, (None, None))
    row = get_object_or_404(
        model if model is not None else SeminarSpeaker.objects.none(), seminar=found, pk=number
    )
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verb(row, visitor(request)),
        done=_("消しました。"),
        lead=str(row),
        consequence=_("元には戻せません。"),
        danger=True,
        **below(municipality, found, _("消しますか"), _("消す")),
    )
