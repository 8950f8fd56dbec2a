"""The same prompt to the same model is not paid for twice: temperature and seed are fixed, so nothing is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from machi.base.engine.canonical import canonical_json
from machi.governance.domain.gate_endpoints import settings_of
from machi.governance.models import CachedReply, Endpoint, ModelCall
from machi.language.gate.client import SEED, TEMPERATURE


def digest(
    endpoint: Endpoint,
    messages: Sequence[Mapping[str, str]],
    max_tokens: int,
    json_schema: Mapping[str, Any] | None,
) -> str:
    """Keyed with the installation's secret, so that a list of likely prompts tells nothing of what was asked."""
    asked = {
        "municipality": endpoint.municipality_id,
        "endpoint": [endpoint.pk, endpoint.base_url, endpoint.model],
        "messages": [dict(message) for message in messages],
        "max_tokens": max_tokens,
        "json_schema": dict(json_schema) if json_schema is not None else None,
        "temperature": TEMPERATURE,
        "seed": SEED,
    }
    hashed = hashlib.sha256(canonical_json(asked)).hexdigest()
    return salted_hmac("machi.governance.gate_cache", hashed, algorithm="sha256").hexdigest()


def find(digest: str) -> CachedReply | None:
    return CachedReply.objects.filter(digest=digest, expires_at__gt=timezone.now()).first()


def store(digest: str, call: ModelCall, text: str) -> None:
    days = settings_of(call.municipality).cache_days
    if not days:
        return
    CachedReply.objects.update_or_create(
        municipality=call.municipality,
        digest=digest,
        defaults={
            "call": call,
            "text": text,
            "model": call.model,
            "expires_at": timezone.now() + timedelta(days=days),
        },
    )
