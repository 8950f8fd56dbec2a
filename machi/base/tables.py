"""The tables of an installation: made at one go where there are none, migrated where there are."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection


def make_or_migrate() -> None:
    """A new database gets its tables straight from the models, and every migration is marked as applied: Django draws
    all models anew at every step of a migration, which for ours takes half a minute. A test compares the two."""
    if connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        return
    kept = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    try:
        call_command("migrate", run_syncdb=True, verbosity=0)
    finally:
        settings.MIGRATION_MODULES = kept
    call_command("migrate", fake=True, verbosity=0)
