from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString
from django.utils.translation import override

from machi.casework.domain.shipped import shipped
from machi.casework.domain.shipped_words import WORDS, plainly, said
from machi.casework.engine.web_form import asked

HINTED = ("date", "kana", "telephone", "postal_code", "yen")
"""Kinds whose fields have a hint of the page's own instead of the form's note."""


def _met() -> Iterator[str]:
    """What residents read of the shipped procedures on the web."""
    for procedure in shipped().values():
        about = procedure.about
        yield from (about.title, about.summary, about.on_paper, *about.public_notes)
        yield from (words for paper in about.documents for words in (paper.title, paper.why))
        for form in procedure.forms if not about.on_paper else ():
            for field in asked(form.fields, about.roles):
                yield from (field.label, field.section, *(option.label for option in field.options))
                yield "" if field.kind in HINTED else field.note


def test_every_word_that_residents_meet_can_be_translated() -> None:
    assert set(_met()) - {""} == WORDS


def test_other_words_are_said_to_be_japanese_and_safe() -> None:
    with override("en"):
        assert said("<犬>の名前") == '<span lang="ja">&lt;犬&gt;の名前</span>'
        assert isinstance(said("犬の名前"), SafeString)
        assert plainly("犬の名前") == "犬の名前"
        assert said("") == ""
    with override("ja"):
        assert said("<犬>の名前") == "<犬>の名前"
        assert not isinstance(said("<犬>の名前"), SafeString)
