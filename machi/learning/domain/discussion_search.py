"""Words looked for in topics. Posts are encrypted, so there is no index of them: they are read, newest topics first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from machi.language.engine.text import search_form
from machi.learning.models import Post, Topic

MOST_POSTS = 5_000
"""Read for a search: some 0.2 s. Older ones are not looked through, and the page says so."""
LONGEST = 100


def topics_with(found: QuerySet[Topic, Any], words: str) -> tuple[list[int], bool]:
    """Numbers of the topics in which every word stands (in title and shown posts together), and whether all were
    looked through."""
    asked = search_form(words[:LONGEST]).split()
    texts: dict[int, list[str]] = {topic.pk: [topic.title or ""] for topic in found}
    shown = Post.objects.filter(topic__in=list(texts), hidden_at=None, erased_at=None)
    posts = list(shown.order_by("-at", "-pk").values_list("topic_id", "body")[: MOST_POSTS + 1])
    for topic, body in posts[:MOST_POSTS]:
        texts[topic].append(body or "")
    matching = [topic for topic, parts in texts.items() if _has_all("\n".join(parts), asked)]
    return matching, len(posts) <= MOST_POSTS


def _has_all(text: str, words: Sequence[str]) -> bool:
    form = search_form(text)
    return all(word in form for word in words)
