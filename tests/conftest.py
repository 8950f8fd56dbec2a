"""Every test runs in a home of its own, with the real parts: database, files, indexes, mail."""

import os
import tempfile

os.environ["MACHI_HOME"] = tempfile.mkdtemp(prefix="machi-test-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.site.settings")
os.environ.setdefault("PYTHONHASHSEED", "0")

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

# The same examples on every run, so that a failure is the change's; `make fuzz` looks for new ones.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.register_profile("fuzz", deadline=None, max_examples=1000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    """A home of its own for each test: no index, file or checkpoint of another."""
    settings.MACHI_HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    # Static files straight from the source, without what collectstatic writes; passwords that cost no time.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    """What a request in English left behind must not be the next test's language."""
    yield
    translation.activate(django_settings.LANGUAGE_CODE)
