"""Row-level security on PostgreSQL: the database itself keeps municipalities, and consortia, apart.

After every migration each table of a ScopedModel gets one policy: a row is visible and writable only while
the connection's ``machi.municipality`` names its municipality (or ``*``, see ``scoping.every_municipality``);
each table of a SharedModel one that asks the same of ``machi.consortium``.
FORCE makes it hold for the tables' owner too, which is who the application connects as. A superuser is
exempt in PostgreSQL, so a check that runs with every migration warns when connected as one.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import connections, models

from machi.base.scoping import ScopedModel, SharedModel

POLICY = "machi_municipality"


@checks.register(checks.Tags.database)
def not_a_superuser(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """PostgreSQL does not hold superusers, nor roles with BYPASSRLS, to its policies."""
    found: list[checks.CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor != "postgresql":
            continue
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone()[0]:
                hint = "Connect as an ordinary role: docs/operations.md."
                found.append(
                    checks.Warning(
                        "Row-level security does not hold this database role.", hint, id="machi.W001"
                    )
                )
    return found


def scoped_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, ScopedModel)]


def shared_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, SharedModel)]


def protect(sender: object, using: str, **kwargs: Any) -> None:
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in [*scoped_models(), *shared_models()]:
            if model._meta.db_table not in existing:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
            owner = "municipality" if issubclass(model, ScopedModel) else "consortium"
            cursor.execute(
                f"CREATE POLICY {POLICY} ON {table} USING ("
                f"{owner}_id::text = current_setting('machi.{owner}', true)"
                f" OR current_setting('machi.{owner}', true) = '*')"
            )
