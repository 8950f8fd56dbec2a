"""Answering with a file that was made for the person who asked."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from machi.base.engine.letters import Letter, to_pdf, to_word

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def attached(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def letters_attached(letters: Sequence[Letter], name: str, kind: str) -> HttpResponse:
    """The letters as one file of ``kind``, ``pdf`` or ``docx``; Http404 for any other."""
    match kind:
        case "pdf":
            return attached(to_pdf(letters), f"{name}.pdf", PDF)
        case "docx":
            return attached(to_word(letters), f"{name}.docx", WORD)
    raise Http404
