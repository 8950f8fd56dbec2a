"""Files that no row names. A job killed between writing a file and the end of its transaction leaves them behind, and
no erasure would find them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import CharField

from machi.base.models import Municipality
from machi.casework.domain import files
from machi.casework.models import CaseForm

log = logging.getLogger(__name__)
SETTLED = timedelta(days=1)
"""So old is a file before it can be left over: what is being written now gets its row within minutes."""
_AT_ONCE = 500


def remove(municipality: Municipality, now: datetime) -> int:
    """Removes them; how many. Safe to repeat, and beside a worker that writes: what it writes again is young again."""
    before = now - SETTLED
    pictures = {name for names in CaseForm.objects.values_list("pictures", flat=True) for name in names}
    gone = 0
    for names in files.older(municipality, before, _AT_ONCE):
        used = pictures.union(*_named(names))
        gone += files.remove_older(municipality, [name for name in names if name not in used], before)
    if gone:
        log.warning("%s: %d files that no row named were removed", municipality.code, gone)
    return gone


def _named(names: Sequence[str]) -> Iterator[set[str]]:
    """Those in any column of the room that can hold a file's name, whatever it is called: one too many keeps a file."""
    for model in apps.get_app_config("casework").get_models():
        for column in model._meta.get_fields():
            if type(column) is CharField and column.max_length == files.NAME:
                found = model._default_manager.filter(**{f"{column.name}__in": names})
                yield set(found.values_list(column.name, flat=True))
