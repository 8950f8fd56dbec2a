"""Discussion across towns: addresses."""

from django.urls import URLPattern, path

from machi.learning.web import discussion, discussion_acts, discussion_moderation

_TOPIC = "discussion/<int:pk>/"
_POST = "discussion/posts/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("discussion/", discussion.topics, name="topics"),
    path("discussion/new/", discussion.open_topic, name="open_topic"),
    path("discussion/notices/", discussion_acts.own_notices, name="notices"),
    path("discussion/settings/", discussion_acts.settings, name="discussion_settings"),
    path("discussion/reports/", discussion_moderation.reports, name="post_reports"),
    path(_TOPIC, discussion.topic, name="topic"),
    path(f"{_TOPIC}follow/", discussion_acts.follow, name="follow_topic"),
    path(f"{_TOPIC}unaccept/", discussion_acts.unaccept, name="unaccept_answer"),
    path(f"{_TOPIC}case/", discussion_acts.to_case, name="answer_to_case"),
    path(f"{_TOPIC}lock/", discussion_moderation.lock, name="lock_topic"),
    path(f"{_TOPIC}move/", discussion_moderation.move, name="move_topic"),
    path(f"{_POST}change/", discussion_acts.change_post, name="change_post"),
    path(f"{_POST}take-back/", discussion_acts.take_back, name="take_back_post"),
    path(f"{_POST}accept/", discussion_acts.accept, name="accept_post"),
    path(f"{_POST}report/", discussion_acts.report_post, name="report_post"),
    path(f"{_POST}hide/", discussion_moderation.hide, name="hide_post"),
    path(f"{_POST}show/", discussion_moderation.show, name="show_post"),
    path(f"{_POST}keep/", discussion_moderation.keep, name="keep_post"),
]
