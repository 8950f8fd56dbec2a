"""The draft on the page of a hand-over: carried along in a signed field, and labelled until a person has edited it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.frontdesk.domain.drafts import Draft, DraftSentence

FIELD = "draft"
_SALT = "machi.frontdesk.draft"


@dataclass(frozen=True, slots=True)
class ShownSentence:
    sentence: DraftSentence
    url: str


@dataclass(frozen=True, slots=True)
class ShownDraft:
    draft: Draft
    sentences: list[ShownSentence]
    carried: str
    """The value of the hidden field."""
    unedited: bool
    """The answer is still the draft, word for word."""

    @property
    def dropped(self) -> list[ShownSentence]:
        return [one for one in self.sentences if not one.sentence.kept]


def carried(request: HttpRequest, code: str) -> ShownDraft | None:
    """The draft that came with the form, if one did and it is as we signed it."""
    value = request.POST.get(FIELD, "")
    if not value:
        return None
    try:
        given: dict[str, Any] = signing.loads(value, salt=_SALT)
    except signing.BadSignature:
        return None
    sentences = tuple(
        DraftSentence(**{**one, "missing": tuple(one["missing"])}) for one in given.pop("sentences")
    )
    return shown(Draft(sentences, **given), code, request.POST.get("body", ""))


def shown(draft: Draft, code: str, body: str) -> ShownDraft:
    sentences = [ShownSentence(one, _url(code, one)) for one in draft.sentences]
    value = signing.dumps(asdict(draft), salt=_SALT, compress=True)
    return ShownDraft(draft, sentences, value, bool(draft.text) and _plain(body) == _plain(draft.text))


def filled(data: QueryDict, draft: Draft) -> QueryDict:
    """The form as sent, with the draft as the answer where none was begun, and its sources ticked."""
    copy = data.copy()
    if not copy.get("body", "").strip():
        copy["body"] = draft.text
        ticked = copy.getlist("documents")
        copy.setlist("documents", list(dict.fromkeys([*ticked, *map(str, draft.documents)])))
    return copy


def labelled(body: str, draft: ShownDraft | None) -> str:
    """What is sent: a draft that nobody edited says so to the resident."""
    if draft is None or not draft.unedited:
        return body
    made = (
        _("（この文章は、AIが町の資料から作った下書きを、職員が確かめてそのまま送ったものです。）")
        if draft.draft.by_model
        else _("（この文章は、AIが町の資料から抜き出した下書きを、職員が確かめてそのまま送ったものです。）")
    )
    return f"{body.rstrip()}\n\n{made}"


def _url(code: str, one: DraftSentence) -> str:
    if one.document is None:
        return ""
    address = reverse("frontdesk:document", args=[code, one.document])
    return f"{address}?{urlencode({'start': one.start, 'end': one.end})}#cited"


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.replace("\r\n", "\n").strip().splitlines())
