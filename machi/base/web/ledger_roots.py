"""What a municipality publishes of its ledger, for everybody: monthly roots, the key, and how to verify them."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from machi.base import ledger
from machi.base.domain import roots as reading
from machi.base.engine import offline
from machi.base.engine.checkpoint import CheckpointError
from machi.base.models import LedgerRoot, Municipality
from machi.base.web.access import resident


@resident
def roots(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    key = ledger.signer().verifier.encode()
    shown = [{"root": root, "hash": _hash(root)} for root in LedgerRoot.objects.order_by("-month")]
    context = {"shown": shown, "key": key, "fingerprint": _in_groups(offline.fingerprint(key))}
    return render(request, "base/ledger_roots.html", context)


@resident
def roots_json(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """As ``machi.base.engine.offline`` verifies it."""
    return HttpResponse(
        reading.as_text(reading.heads_document(municipality)), content_type="application/json"
    )


@resident
def verifier(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """The program itself: one file, to be read before it is run."""
    response = HttpResponse(Path(offline.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="offline.py"'
    return response


def _hash(root: LedgerRoot) -> str:
    """Empty where the note is no longer what was signed."""
    try:
        return reading.head_of(root).root.hex()
    except CheckpointError:
        return ""


def _in_groups(text: str, length: int = 4) -> str:
    return " ".join(text[at : at + length] for at in range(0, len(text), length))
