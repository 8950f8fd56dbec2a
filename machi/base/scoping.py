"""The municipality as the tenant: outside a scope, or in another's, its rows cannot be reached.

What towns share on purpose belongs to their consortium, and is kept apart from other consortia in the same way.

django-scopes makes an unscoped query a ``ScopeError``. On PostgreSQL the same scope is told to the database,
whose row-level security (``machi.base.rowsecurity``) refuses a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar, cast

from django.db import connection, models
from django_scopes import ScopedManager, scope, scopes_disabled
from django_scopes.exceptions import ScopeError
from django_scopes.state import get_scope

if TYPE_CHECKING:
    from machi.base.models import Consortium, Municipality

ALL = "*"
"""What PostgreSQL is told when a cross-municipality read is meant (``every_municipality``)."""


@contextmanager
def in_municipality(municipality: Municipality) -> Iterator[None]:
    """Everything inside reads and writes the rows of this municipality only."""
    with scope(municipality=municipality), _told_to_database("machi.municipality", municipality.code):
        yield


@contextmanager
def in_consortium(consortium: Consortium) -> Iterator[None]:
    """Everything inside reads and writes what the towns of this consortium share, and no other's."""
    with scope(consortium=consortium), _told_to_database("machi.consortium", str(consortium.pk)):
        yield


@contextmanager
def in_municipalities(municipalities: Sequence[Municipality]) -> Iterator[None]:
    """For what is read or written in several towns at once, in a query instead of one a town; of one town it is
    ``in_municipality``. Queries reach the rows of these towns only. The database itself, which knows one town or all,
    lets all pass meanwhile: rows are made for these towns by whoever calls this, and by nobody's input."""
    if len(municipalities) == 1:
        with in_municipality(municipalities[0]):
            yield
        return
    with scope(municipality=list(municipalities)), _told_to_database("machi.municipality", ALL):
        yield


@contextmanager
def every_municipality() -> Iterator[None]:
    """For work that belongs to no single municipality (migrations, verification); its use is grepped in review."""
    with (
        scopes_disabled(),
        _told_to_database("machi.municipality", ALL),
        _told_to_database("machi.consortium", ALL),
    ):
        yield


def current_municipality() -> Municipality | None:
    """The municipality of the scope we are in; None in none, or in that of several."""
    here = get_scope().get("municipality")
    return None if isinstance(here, list) else cast("Municipality | None", here)


def current_consortium() -> Consortium | None:
    """The consortium of the scope we are in, or None."""
    return cast("Consortium | None", get_scope().get("consortium"))


@contextmanager
def _told_to_database(setting: str, value: str) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [setting])
        before = cursor.fetchone()[0] or ""
        cursor.execute("SELECT set_config(%s, %s, false)", [setting, value])
    try:
        yield
    finally:
        # A broken transaction takes no more commands; its rollback restores the setting anyway.
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, false)", [setting, before])


M = TypeVar("M", bound=models.Model, covariant=True)

if TYPE_CHECKING:
    _ScopedManager = models.Manager
    _SharedManager = models.Manager
else:
    _ScopedManager = type(ScopedManager(municipality="municipality"))
    _SharedManager = type(ScopedManager(consortium="consortium"))


class MunicipalityManager(_ScopedManager[M]):
    """django-scopes' manager, under a name that the type checker can follow."""


class ConsortiumManager(_SharedManager[M]):
    """The same for what a consortium shares."""


class ScopedModel(models.Model):
    """A row that belongs to one municipality."""

    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")

    objects: ClassVar[MunicipalityManager[Self]] = MunicipalityManager()

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        here = current_municipality()
        if here is None and get_scope().get("_enabled", True):
            raise ScopeError(f"{self._meta.label} written outside a municipality's scope")
        if here is not None and self.municipality_id != here.pk:
            raise ForeignMunicipalityError(
                f"{self._meta.label}: {self.municipality_id} written inside {here.pk}"
            )
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class SharedModel(models.Model):
    """A row that the towns of one consortium share. Which of them may see it while it is a draft, or whose name is
    still hidden, is for the room's queries to say; other consortia never reach it."""

    consortium = models.ForeignKey("base.Consortium", models.PROTECT, related_name="+")
    if TYPE_CHECKING:
        consortium_id: int

    objects: ClassVar[ConsortiumManager[Self]] = ConsortiumManager()

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        here = current_consortium()
        if here is None and get_scope().get("_enabled", True):
            raise ScopeError(f"{self._meta.label} written outside a consortium's scope")
        if here is not None and self.consortium_id != here.pk:
            raise ForeignConsortiumError(f"{self._meta.label}: {self.consortium_id} written inside {here.pk}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class ForeignMunicipalityError(Exception):
    """A row of one municipality was written inside the scope of another."""


class ForeignConsortiumError(Exception):
    """A row of one consortium was written inside the scope of another."""
