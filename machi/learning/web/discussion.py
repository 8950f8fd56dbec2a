"""Discussion: topics listed and searched, one opened, one read and answered."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Consortium, Municipality
from machi.base.web.access import limit, member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import posted
from machi.base.web.history import told
from machi.learning.domain import discussion as verbs
from machi.learning.domain import discussion_notices as notices
from machi.learning.domain.discussion_cases import may_become
from machi.learning.domain.discussion_moderation import reports
from machi.learning.domain.discussion_search import topics_with
from machi.learning.domain.discussion_shown import about, about_kind, called
from machi.learning.engine.discussion_markdown import to_html
from machi.learning.models import Case, Participant, Post, Topic
from machi.learning.web.discussion_forms import ReplyForm, TopicFilter, TopicForm
from machi.learning.web.personal_form import asking

A_PAGE = 20
POSTS_A_PAGE = 50
_WRITES = "30/m"
ACTIONS = {
    "accept": gettext_noop("役に立った答えを選んだ"),
    "unaccept": gettext_noop("答えの選択をやめた"),
    "become_case": gettext_noop("答えから事例の下書きを作った"),
    "hide": gettext_noop("書き込みを隠した"),
    "show": gettext_noop("書き込みをまた見せた"),
    "keep": gettext_noop("知らせを確かめ、書き込みをそのままにした"),
    "lock": gettext_noop("話題を締め切った"),
    "unlock": gettext_noop("話題をまた開いた"),
    "move": gettext_noop("話題を移した"),
}


@member(verbs.DISCUSS)
def topics(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """The last written in first."""
    person, form = visitor(request), TopicFilter(request.GET)
    moderates = person.has_perm(verbs.MODERATE, municipality)
    found, complete = verbs.visible(municipality, person), True
    given = form.cleaned_data if form.is_valid() else {}
    for name in ("course", "cohort", "case"):
        if given.get("kind") == name:
            found = found.exclude(**{name: None})
    if given.get("kind") == "free":
        found = found.filter(course=None, cohort=None, case=None)
    match given.get("state"):
        case "open":
            found = found.filter(accepted=None, locked_at=None)
        case "answered":
            found = found.exclude(accepted=None)
        case "followed":
            found = found.filter(follows__person=person)
    if given.get("q"):
        limit(request, "learning.discussion_search", _WRITES)
        keys, complete = topics_with(found, given["q"])
        found = found.filter(pk__in=keys)
    openers = Participant.objects.filter(number=1).select_related("town", "person")
    found = found.prefetch_related(Prefetch("participants", openers, to_attr="openers"))
    found = found.order_by("-last_at", "-pk")
    if "format" in request.GET:
        return _export(request, found)
    context = {
        "title": _("意見交換"),
        "form": form,
        "page_obj": (page := Paginator(found, A_PAGE).get_page(request.GET.get("page"))),
        "lines": [_line(topic) for topic in page],
        "filtered": any(given.get(name) for name in ("q", "kind", "state")),
        "complete": complete,
        "unread": notices.unread(person),
        "moderates": moderates,
        "reported": reports().count() if moderates else 0,
    }
    return render(request, "learning/discussion/topics.html", context)


@member(verbs.DISCUSS)
def open_topic(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    person = visitor(request)
    form = TopicForm(posted(request), municipality=municipality, person=person, case=_asked_case(request))
    if request.method == "POST":
        limit(request, "learning.discussion", _WRITES)
    title = _("話題を始める")
    return acted(
        request,
        form,
        asking(form, lambda: verbs.open_topic(consortium, municipality, person, form.given())),
        done=_("話題を始めました。"),
        onward=lambda made: reverse("learning:topic", args=[municipality.code, made.pk]),
        title=title,
        submit=_("書き込む"),
        cancel_url=reverse("learning:topics", args=[municipality.code]),
        breadcrumbs=[*crumbs(municipality), (title, "")],
    )


@member(verbs.DISCUSS)
def topic(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The posts in their order; the form at the end answers."""
    found, person = the_topic(request, municipality, pk), visitor(request)
    moderates = person.has_perm(verbs.MODERATE, municipality)
    own = found.participants.filter(person=person).first()
    form = ReplyForm(posted(request), initial={"named": bool(own and own.named)})
    if request.method == "POST":
        limit(request, "learning.discussion", _WRITES)
    else:
        notices.read(person, found)
    posts = found.posts.select_related("author__town", "author__person").order_by("ordinal")
    if moderates:
        posts = posts.prefetch_related("reports")
    page = Paginator(posts, POSTS_A_PAGE).get_page(request.GET.get("page"))
    may_accept = verbs.may_accept(found, municipality, person)

    def act() -> Post:
        given = form.cleaned_data
        return verbs.reply(
            found,
            municipality,
            person,
            body=given["body"],
            named=given["named"],
            personal_checked=given["personal_checked"],
        )

    return acted(
        request,
        form,
        asking(form, act),
        done=_("書き込みました。"),
        onward=lambda made: post_url(municipality, made),
        template="learning/discussion/topic.html",
        topic=found,
        about=about(found),
        about_kind=about_kind(found),
        page_obj=page,
        posts=[_shown(one, found, own, moderates) for one in page],
        answer=_shown(found.accepted, found, own, moderates) if found.accepted else None,
        may_accept=may_accept,
        may_become=may_become(found, municipality, person),
        follows=found.follows.filter(person=person).exists(),
        moderates=moderates,
        writes=found.locked_at is None,
        events=told(f"topic:{pk}", ACTIONS) if moderates else [],
        submit=_("書き込む"),
        breadcrumbs=[*crumbs(municipality), (str(found), "")],
    )


def the_topic(request: HttpRequest, municipality: Municipality, pk: int) -> Topic:
    """One that the visitor may read; Http404 otherwise."""
    found: Topic = get_object_or_404(
        verbs.visible(municipality, visitor(request)).select_related(
            "consortium", "course", "cohort", "case", "accepted__author__town", "accepted__author__person"
        ),
        pk=pk,
    )
    return found


def post_url(municipality: Municipality, post: Post) -> str:
    """The page on which it stands, at its place."""
    page = (post.topic.posts.filter(ordinal__lt=post.ordinal).count()) // POSTS_A_PAGE + 1
    address = reverse("learning:topic", args=[municipality.code, post.topic_id])
    return f"{address}{f'?page={page}' if page > 1 else ''}#post-{post.ordinal}"


def crumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("意見交換"), reverse("learning:topics", args=[municipality.code]))]


def _asked_case(request: HttpRequest) -> Case | None:
    asked = request.GET.get("case", "")
    if not asked.isdecimal() or len(asked) > 9:
        return None
    return Case.objects.filter(pk=int(asked), state=Case.State.PUBLISHED).first()


def _line(topic: Topic) -> dict[str, Any]:
    opener = topic.openers[0] if topic.openers else None  # type: ignore[attr-defined]
    return {"topic": topic, "about": about(topic), "by": called(opener) if opener else ""}


def _shown(post: Post, topic: Topic, own: Participant | None, moderates: bool) -> dict[str, Any]:
    """``text`` is empty where the words are hidden from the visitor, or erased."""
    hidden = post.hidden_at is not None
    readable = post.body is not None and (not hidden or moderates)
    label = _("書き込み%(number)sの表") % {"number": post.ordinal}
    mine = own is not None and post.author_id == own.pk
    return {
        "post": post,
        "by": called(post.author),
        # Only a moderator learns who hides behind a number.
        "name": post.author.person.name if moderates and not post.author.named else "",
        "text": mark_safe(to_html(post.body or "", label)) if readable else "",  # noqa: S308
        "hidden": hidden,
        "accepted": topic.accepted_id == post.pk,
        "mine": mine and not hidden and not post.erased_at,
        "reported": [one for one in post.reports.all() if not one.settled_at] if moderates else [],
    }


def _export(request: HttpRequest, found: QuerySet[Topic, Any]) -> HttpResponseBase:
    """Without names, whatever people chose to show."""
    columns = [
        _("話題"),
        _("何について"),
        _("自治体"),
        _("始めた日時"),
        _("最後の書き込み"),
        _("書き込みの数"),
        _("役に立った答え"),
    ]
    rows = (
        (
            str(one),
            about(one),
            str(one.openers[0].town) if one.openers else "",
            one.opened_at,
            one.last_at,
            one.said,
            one.accepted_id is not None,
        )
        for one in found
    )
    return export(request, "topics", columns, rows)
