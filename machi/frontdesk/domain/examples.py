"""Questions that a resident might ask this town, each with an answer: shown on the desk's first page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.frontdesk.models import Document, Passage

EXAMPLES = 4
EXAMPLE_LENGTH = range(8, 41)
"""Characters of a title that makes a good example of a question: 「募集」 says too little."""
ENTRY_LENGTH = range(6, 31)
LISTS = 10
"""Documents in which entries are looked for."""
ONE_MATTER = 2
"""Passages of a document that is about one matter: what holds many is a column, or a list."""
_PASSING = re.compile(r"\d月|第\s*\d+\s*[回号]|No\.|[(（]\d+[)）]|その他")
"""What titles of months, issues and parts hold: nobody would ask for it in these words."""


def examples() -> list[str]:
    """Titles of the town's newest documents about one matter, one of each category: there is an answer to these.

    A title used again and again is a column's. A town of lists alone gets the first entry of some of them.
    """
    today = timezone.localdate()
    newest = (
        Document.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            Q(valid_from__isnull=True) | Q(valid_from__lte=today),
            current=True,
            duplicate_of__isnull=True,
            source__active=True,
        )
        .annotate(size=Count("passages"))
        .order_by(F("date").desc(nulls_last=True), "pk")
        .values_list("pk", "category", "title", "date", "size")[:200]
    )
    used = Counter(title for _pk, _category, title, _date, _size in newest)
    chosen: dict[str, str] = {}
    for _pk, category, title, day, size in newest:
        passing = used[title] > 1 or _PASSING.search(title) or (day is not None and day > today)
        if size <= ONE_MATTER and len(title) in EXAMPLE_LENGTH and not passing:
            chosen.setdefault(category, title)
    return list(chosen.values())[:EXAMPLES] or _entries(
        [pk for pk, *_rest, size in newest if size > ONE_MATTER]
    )


def _entries(lists: Sequence[int]) -> list[str]:
    """The first entry of some of these documents whose name stands nowhere else in them."""
    rows = Passage.objects.filter(document__in=lists[:LISTS]).order_by("document_id", "ordinal")
    named = [
        (pk, headings[-1] if headings else "") for pk, headings in rows.values_list("document", "headings")
    ]
    used = Counter(name for _pk, name in named)
    chosen: dict[int, str] = {}
    for pk, name in named:
        if used[name] == 1 and len(name) in ENTRY_LENGTH:
            chosen.setdefault(pk, _("%(name)sについて") % {"name": name})
    return list(chosen.values())[:EXAMPLES]
