"""What people do with a topic and its posts besides answering; their notices and how often they get a letter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, posted
from machi.learning.domain import discussion as verbs
from machi.learning.domain import discussion_notices as notices
from machi.learning.domain.discussion_cases import become, may_become
from machi.learning.domain.discussion_moderation import report
from machi.learning.domain.discussion_shown import called
from machi.learning.models import Post, Topic
from machi.learning.web.cases_forms import ReasonForm
from machi.learning.web.discussion import crumbs, post_url, the_topic
from machi.learning.web.discussion_forms import ChangeForm, SettingsForm
from machi.learning.web.personal_form import asking

A_PAGE = 25


@member(verbs.DISCUSS)
def change_post(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    form = ChangeForm(posted(request), initial={"body": found.body})
    return acted(
        request,
        form,
        asking(
            form,
            lambda: verbs.change_post(
                found,
                municipality,
                visitor(request),
                body=form.cleaned_data["body"],
                personal_checked=form.cleaned_data["personal_checked"],
            ),
        ),
        done=_("直しました。"),
        **below(municipality, found, _("書き込みを直す"), _("保存する")),
    )


@member(verbs.DISCUSS)
def take_back(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.take_back(found, visitor(request)),
        done=_("書き込みを消しました。"),
        danger=True,
        consequence=_("本文は元に戻せません。番号と日時は残ります。"),
        **below(municipality, found, _("自分の書き込みを消しますか"), _("消す")),
    )


@member(verbs.DISCUSS)
def accept(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_post(request, municipality, pk)
    if not verbs.may_accept(found.topic, municipality, visitor(request)):
        raise PermissionDenied
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.accept(found, municipality, visitor(request)),
        done=_("役に立った答えにしました。"),
        consequence=_("話題のはじめに示します。答えた町は、この答えから事例を書けます。"),
        **below(municipality, found, _("この答えが役に立ちましたか"), _("役に立った")),
    )


@member(verbs.DISCUSS)
@require_POST
def unaccept(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_topic(request, municipality, pk)
    verbs.unaccept(found, municipality, visitor(request))
    messages.success(request, _("答えの選択をやめました。"))
    return redirect("learning:topic", municipality.code, pk)


@member("learning.write_cases")
def to_case(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_topic(request, municipality, pk)
    if not may_become(found, municipality, visitor(request)):
        raise PermissionDenied
    page = reverse("learning:topic", args=[municipality.code, pk])
    title = _("この答えから事例を書く")
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: become(found, municipality, visitor(request)),
        done=_("下書きを作りました。足りないところを書いてから、提出してください。"),
        onward=lambda made: reverse("learning:case", args=[municipality.code, made.pk]),
        consequence=_(
            "質問が「困っていたこと」に、答えが「いまのやり方」に入ります。まだだれにも公開されません。"
        ),
        title=title,
        submit=_("下書きを作る"),
        cancel_url=page,
        breadcrumbs=[*crumbs(municipality), (str(found), page), (title, "")],
    )


@member(verbs.DISCUSS)
def report_post(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_post(request, municipality, pk)
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: report(found, municipality, visitor(request), reason=form.cleaned_data["reason"]),
        done=_("共同事務局に知らせました。"),
        consequence=_("だれが知らせたかは、書いた人にもほかの人にも見えません。"),
        **below(municipality, found, _("この書き込みを共同事務局に知らせる"), _("知らせる")),
    )


@member(verbs.DISCUSS)
@require_POST
def follow(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, on = the_topic(request, municipality, pk), request.POST.get("on") == "1"
    verbs.follow(found, visitor(request), on=on)
    if on:
        notices.want_digest(consortium, municipality, visitor(request))
    messages.success(request, _("この話題を追います。") if on else _("この話題を追うのをやめました。"))
    return redirect("learning:topic", municipality.code, pk)


@member(verbs.DISCUSS)
def settings(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    person = visitor(request)
    form = SettingsForm(
        posted(request),
        initial={"often": notices.digest_of(person)},
    )
    back = reverse("learning:topics", args=[municipality.code])
    title = _("お知らせのメール")
    return acted(
        request,
        form,
        lambda: notices.want_digest(consortium, municipality, person, form.cleaned_data["often"]),
        done=_("保存しました。"),
        onward=back,
        title=title,
        submit=_("保存する"),
        cancel_url=back,
        breadcrumbs=[*crumbs(municipality), (title, "")],
    )


@member(verbs.DISCUSS)
def own_notices(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """What one was called for; a post answers it by being read."""
    person = visitor(request)
    if request.method == "POST":
        notices.read(person)
        return redirect("learning:notices", municipality.code)
    topics = verbs.visible(municipality, person).values("pk")
    found = notices.notices_of(person).filter(post__topic__in=topics)
    if "format" in request.GET:
        columns = [_("日時"), _("お知らせ"), _("話題"), _("読んだ日時")]
        rows = ((one.at, one.get_kind_display(), str(one.post.topic), one.read_at) for one in found)
        return export(request, "notices", columns, rows)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("自分へのお知らせ"),
        "page_obj": page,
        "lines": [{"notice": one, "by": called(one.post.author)} for one in page],
        "unread": notices.unread(person),
        "breadcrumbs": [*crumbs(municipality), (_("自分へのお知らせ"), "")],
    }
    return render(request, "learning/discussion/notices.html", context)


def the_post(request: HttpRequest, municipality: Municipality, pk: int) -> Post:
    """Of a topic that the visitor may read; a hidden one is there for moderators."""
    found: Post = get_object_or_404(
        Post.objects.select_related("topic__consortium", "author__town", "author__person"), pk=pk
    )
    person = visitor(request)
    seen: Any = verbs.visible(municipality, person).filter(pk=found.topic_id)
    if not seen.exists() or (found.hidden_at and not person.has_perm(verbs.MODERATE, municipality)):
        raise Http404
    return found


def below(municipality: Municipality, post: Post, title: str, submit: str) -> dict[str, Any]:
    """What a page with a form says of itself, one step below a post."""
    page = post_url(municipality, post)
    return {
        "onward": page,
        "title": title,
        "submit": submit,
        "cancel_url": page,
        "breadcrumbs": [*crumbs(municipality), (str(post.topic), page), (title, "")],
    }


def topic_below(municipality: Municipality, topic: Topic, title: str, submit: str) -> dict[str, Any]:
    page = reverse("learning:topic", args=[municipality.code, topic.pk])
    return {
        "onward": page,
        "title": title,
        "submit": submit,
        "cancel_url": page,
        "breadcrumbs": [*crumbs(municipality), (str(topic), page), (title, "")],
    }


def _own(request: HttpRequest, municipality: Municipality, pk: int) -> Post:
    found = the_post(request, municipality, pk)
    if found.author.person_id != visitor(request).pk:
        raise PermissionDenied
    return found
