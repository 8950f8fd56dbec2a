"""The migrations make what the models say."""

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]  # the part of the tests that runs the migrations


def test_no_model_is_ahead_of_its_migrations():
    call_command(
        "makemigrations",
        "base",
        "frontdesk",
        "governance",
        "joint",
        "learning",
        check=True,
        dry_run=True,
        verbosity=0,
    )
