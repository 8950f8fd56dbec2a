"""Every test runs in a home of its own, with the real parts: database, files, indexes, mail."""

import os
import tempfile

os.environ["MACHI_HOME"] = tempfile.mkdtemp(prefix="machi-test-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.site.settings")
os.environ.setdefault("PYTHONHASHSEED", "0")
