"""What the pages of experts share: finding rows, a verb behind a form, a list with its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from machi.base.models import Municipality, Person
from machi.base.web.export import export
from machi.joint.domain.experts import OFFICE
from machi.joint.models import Expert, ExpertRound

_A_PAGE = 25
_RANKED_A_PAGE = 50
_UNRANKED = 10_000


class Rankable(Protocol):
    """Somebody, or something, that is ranked by a number; None: not yet."""

    @property
    def tier(self) -> int | None: ...


R = TypeVar("R", bound=Rankable)
Crumbs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    label: str | Promise
    kind: str

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list; the first cell names it and leads to ``url``."""

    url: str
    cells: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url: str
    quiet: bool = True


def to(municipality: Municipality, name: str, *args: object) -> str:
    return reverse(f"joint:{name}", args=[municipality.code, *args])


def is_office(person: Person, municipality: Municipality) -> bool:
    return person.has_perm(OFFICE, municipality)


def the_round(pk: int) -> ExpertRound:
    found: ExpertRound = get_object_or_404(ExpertRound.objects.select_related("consortium"), pk=pk)
    return found


def the_expert(begun: ExpertRound, number: int) -> Expert:
    """By the number under which towns know them."""
    found: Expert = get_object_or_404(
        Expert.objects.select_related("round", "home__prefecture", "town", "via").prefetch_related(
            "conflicts"
        ),
        round=begun,
        number=number,
    )
    return found


def crumbs(municipality: Municipality, begun: ExpertRound | None, *more: tuple[str, str]) -> Crumbs:
    start = [(_("専門家・共同職員"), to(municipality, "experts"))]
    if begun is not None:
        start.append((begun.title, to(municipality, "expert_round", begun.pk)))
    return [*start, *more]


def listed(
    request: HttpRequest,
    name: str,
    columns: Sequence[str],
    found: Any,
    line: Callable[[Any], Line],
    *,
    title: str,
    breadcrumbs: Crumbs,
    empty: tuple[str, str],
    filters: forms.Form | None = None,
    actions: Iterable[Action] = (),
    **more: Any,
) -> HttpResponseBase:
    """A list page, and with ``?format=`` the whole list as a file."""
    if "format" in request.GET:
        return export(request, name, columns, ([_plain(cell) for cell in line(one).cells] for one in found))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": title,
        "columns": columns,
        "lines": [{"url": one.url, "labelled": _labelled(columns, one.cells)} for one in map(line, page)],
        "page_obj": page,
        "filters": filters,
        "filtered": filters is not None and any(filters.data.get(field) for field in filters.fields),
        "actions": list(actions),
        "empty_title": empty[0],
        "empty_text": empty[1],
        "breadcrumbs": breadcrumbs,
        **more,
    }
    return render(request, "joint/experts/list.html", context)


def to_rank(request: HttpRequest, found: Sequence[R], key: Callable[[R], int]) -> tuple[Any, list[R]]:
    """A page of those to be ranked, and whose numbers are on it or were sent from it; of more than a page, those ranked
    already come first. What was sent counts, not what the page would hold now: nobody's number is lost because
    the order changed in between."""
    if len(found) <= _RANKED_A_PAGE:
        return Paginator(found, _RANKED_A_PAGE).get_page(1), list(found)
    ordered = sorted(found, key=lambda one: one.tier or _UNRANKED)
    page = Paginator(ordered, _RANKED_A_PAGE).get_page(request.GET.get("page"))
    if request.method != "POST":
        return page, list(page)
    return page, [one for one in ordered if f"tier-{key(one)}" in request.POST]


def _labelled(columns: Sequence[str], cells: Sequence[Any]) -> list[tuple[str, Any, bool]]:
    """Each cell with its column, and whether it is a figure."""
    return [(label, cell, isinstance(cell, int)) for label, cell in zip(columns, cells, strict=True)]


def _plain(cell: Any) -> Any:
    return str(cell) if isinstance(cell, Chip) else cell
