"""OpenFisca-Japan's web API, where a municipality has one: ``MACHI_OPENFISCA_URL``.

It runs beside machi in an environment of its own. Days of birth go there, so it belongs on the same network; no proxy
and no redirection is followed. Whatever goes wrong is a ``Reply`` that says so: a rule then cannot tell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from machi.casework.engine.eligibility import Reply

SECONDS = 10.0
_LARGEST = 1_000_000


def ask_all(questions: Mapping[str, dict[str, object]]) -> dict[str, Reply]:
    """Replies by rule; empty where no service is configured, so that the rules say that."""
    url = settings.MACHI_OPENFISCA_URL
    return {key: ask(url, one) for key, one in questions.items()} if url else {}


def ask(url: str, question: Mapping[str, Any], seconds: float = SECONDS) -> Reply:
    """The reply of ``POST url/calculate``; never raises."""
    import httpx2  # slow to import: on first use

    try:
        with (
            httpx2.Client(follow_redirects=False, trust_env=False, timeout=seconds) as client,
            client.stream("POST", f"{url.rstrip('/')}/calculate", json=question) as response,
        ):
            data = b""
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > _LARGEST:
                    return Reply(failure="too large a reply")
            system = _system(response.headers)
            if response.status_code != 200:
                return Reply(failure=f"HTTP {response.status_code}", system=system)
            body = json.loads(data)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        return Reply(failure=type(error).__name__)
    except ValueError:
        return Reply(failure="not JSON")
    return Reply(body, system=system) if isinstance(body, dict) else Reply(failure="not a JSON object")


def _system(headers: Mapping[str, str]) -> str:
    return f"{headers.get('country-package', '')} {headers.get('country-package-version', '')}".strip()
