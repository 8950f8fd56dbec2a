"""Texts handed in for a summary or for minutes: typed, or a file that the front desk's readers read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.casework.engine.minutes_transcript import format_of
from machi.casework.engine.speech_audio import HEAD, kind_of
from machi.casework.models import GivenText
from machi.frontdesk.engine.reading import Limits, read
from machi.language.engine.guard import clean_input
from machi.language.engine.passages import document_text

LARGEST = 20_000_000
"""Bytes of a file."""
LONGEST = 600_000
"""Characters: a day-long council meeting has some 200,000."""
_CUES = (".vtt", ".srt")


@dataclass(frozen=True, slots=True)
class Readable:
    """What was handed in, as text; nothing is stored yet."""

    name: str
    kind: str
    digest: str
    text: str


def readable(*, name: str, data: bytes = b"", text: str = "") -> Readable:
    """Reads what was handed in. Refused, with the reason, where nothing can be read of it. Call it outside a
    transaction: a large file takes its time."""
    if data:
        kind, plain = _read(name, data)
    else:
        kind, plain = "typed", text
        data = text.encode()
    plain = clean_input(plain, LONGEST + 1).text.strip("\n")
    if not plain.strip():
        raise Refused(_("文章がありません。ファイルを選ぶか、文章を貼り付けてください。"), field="text")
    if len(plain) > LONGEST:
        raise Refused(
            _("文章が長すぎます（%(most)s字まで）。分けて入れてください。") % {"most": f"{LONGEST:,}"},
            field="file" if kind != "typed" else "text",
        )
    return Readable(name.strip()[:300] or _("貼り付けた文章"), kind, hashlib.sha256(data).hexdigest(), plain)


def keep(municipality: Municipality, person: Person | None, given: Readable) -> GivenText:
    """Stores it, in the transaction that stores what is made of it."""
    return GivenText.objects.create(
        municipality=municipality,
        name=given.name,
        kind=given.kind,
        digest=given.digest,
        text=given.text,
        size=len(given.text),
        given_by=person,
    )


def _read(name: str, data: bytes) -> tuple[str, str]:
    if kind_of(data[:HEAD]):
        raise Refused(
            _("これは録音です。「録音を文字にする」で文字起こしを作り、直して確認してから使ってください。"),
            field="file",
        )
    if len(data) > LARGEST:
        raise Refused(
            _("ファイルが大きすぎます。%(size)sMBまでです。") % {"size": LARGEST // 1_000_000}, field="file"
        )
    if name.lower().endswith(_CUES) or data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"WEBVTT"):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused(
                _("字幕のファイル（VTT、SRT）は、UTF-8で保存してください。"), field="file"
            ) from None
        return format_of(text), text
    result = read(name, data, limits=Limits(size=LARGEST, characters=LONGEST * 2))
    if not result.documents:
        told = " ".join(one.message for one in result.problems[:3])
        raise Refused(_("ファイルを読めませんでした。%(why)s") % {"why": told}, field="file")
    return result.kind, "\n\n".join(document_text(one.blocks) for one in result.documents)
