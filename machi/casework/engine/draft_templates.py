"""Templates of letters, notices, answers and articles: data that a town may write itself (JSON), read strictly.

    {"key": "reply", "version": "1", "kind": "letter", "title": "...", "about": "...",
     "fields": [{"key": "to", "label": "宛先", "kind": "text", "required": true, "hint": "..."}],
     "letter": {"subject": "{subject}", "to": "{to}", "sender": "{sender}", "contact": "{contact}"},
     "parts": [{"part": "paragraph", "text": "{matter}について、次のとおりお答えします。"},
               {"part": "sources", "ask": "{question}", "sentences": 4, "instruct": "回答の要点だけを書く。"}]}

A part whose text names only fields that were left empty is left out. ``sources`` is filled with sentences that have a
source; everything else is the template's words and the person's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, TypeVar, cast

from machi.casework.engine.draft_pieces import Piece

TemplateKind = Literal["letter", "notice", "council", "article", "easy"]
FieldKind = Literal["text", "long", "date", "choice"]
PartKind = Literal["paragraph", "heading", "item", "sources"]
_Word = TypeVar("_Word", bound=str)
KINDS: Sequence[TemplateKind] = ("letter", "notice", "council", "article", "easy")
_FIELD_KINDS: Sequence[FieldKind] = ("text", "long", "date", "choice")
_PARTS: Sequence[PartKind] = ("paragraph", "heading", "item", "sources")
_LETTER = ("subject", "to", "sender", "number", "contact")
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SLOT = re.compile(r"\{([^{}]*)\}")
MOST_SENTENCES, MOST_FIELDS, MOST_PARTS, LONGEST = 20, 30, 60, 2_000


class TemplateError(ValueError):
    """What is wrong, and where: ``parts[2].text``."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


@dataclass(frozen=True, slots=True)
class TemplateField:
    key: str
    label: str
    kind: FieldKind = "text"
    required: bool = False
    hint: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    part: PartKind
    text: str = ""
    ask: str = ""
    sentences: int = 0
    instruct: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    key: str
    version: str
    kind: TemplateKind
    title: str
    about: str
    fields: tuple[TemplateField, ...]
    letter: Mapping[str, str]
    parts: tuple[Part, ...]

    @property
    def asks(self) -> tuple[Part, ...]:
        return tuple(one for one in self.parts if one.part == "sources")


def read(text: str) -> Template:
    """The template written in ``text``. Raises TemplateError, which names the place."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f"{error.lineno}行{error.colno}文字" if isinstance(error, json.JSONDecodeError) else "全体"
        raise TemplateError(where, "JSONとして読めません") from None
    return _template(data)


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Template]:
    """machi's own, by key, in the order in which they are offered."""
    folder = files("machi.casework").joinpath("data/templates")
    found = [
        read(one.read_text("utf-8"))
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".json")
    ]
    return {one.key: one for one in sorted(found, key=lambda one: KINDS.index(one.kind))}


def shipped_text(key: str) -> str:
    """As it is written; FileNotFoundError for a key that is not shipped."""
    return files("machi.casework").joinpath(f"data/templates/{key}.json").read_text("utf-8")


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with the fields' values; empty where it names fields and all of them are empty."""
    keys = _SLOT.findall(text)
    if keys and not any(values.get(key, "").strip() for key in keys):
        return ""
    return _SLOT.sub(lambda found: values.get(found[1], "").strip(), text)


def assemble(
    template: Template, values: Mapping[str, str], written: Sequence[Sequence[Piece]]
) -> tuple[Piece, ...]:
    """The draft: the template's parts with ``written[n]`` in the place of its n-th ``sources`` part."""
    found: list[Piece] = []
    sources = iter(written)
    for part in template.parts:
        if part.part == "sources":
            found += next(sources, ())
            continue
        text = filled(part.text, values)
        role = "sentence" if part.part == "paragraph" else part.part
        made: Literal["template", "field"] = "field" if _SLOT.search(part.text) else "template"
        found += [Piece(line.strip(), role, made, begins=True) for line in text.split("\n") if line.strip()]
    return tuple(
        one
        for number, one in enumerate(found)
        # What should stand below it was left empty.
        if one.role != "heading" or (number + 1 < len(found) and found[number + 1].role != "heading")
    )


def _template(data: Any) -> Template:
    _shape(data, "全体", {"key", "version", "kind", "title", "about", "fields", "parts"}, {"letter"})
    key = _text(data["key"], "key", 40)
    if not _KEY.fullmatch(key):
        raise TemplateError("key", "小文字の英数字、「-」「_」で書いてください")
    kind = _one_of(data["kind"], "kind", KINDS)
    fields = tuple(
        _field(one, f"fields[{n}]") for n, one in enumerate(_list(data["fields"], "fields", MOST_FIELDS))
    )
    known = {one.key for one in fields}
    if len(known) != len(fields):
        raise TemplateError("fields", "同じkeyの欄が二つあります")
    parts = tuple(
        _part(one, f"parts[{n}]", known) for n, one in enumerate(_list(data["parts"], "parts", MOST_PARTS))
    )
    letter = data.get("letter", {})
    _shape(letter, "letter", set(), set(_LETTER))
    return Template(
        key,
        _text(str(data["version"]), "version", 20),
        kind,
        _text(data["title"], "title", 120),
        _text(data["about"], "about", 500),
        fields,
        {name: _slots(text, f"letter.{name}", known, 500) for name, text in letter.items()},
        parts,
    )


def _field(data: Any, where: str) -> TemplateField:
    _shape(data, where, {"key", "label"}, {"kind", "required", "hint", "options"})
    key = _text(data["key"], f"{where}.key", 40)
    if not _KEY.fullmatch(key):
        raise TemplateError(f"{where}.key", "小文字の英数字、「-」「_」で書いてください")
    kind = _one_of(data.get("kind", "text"), f"{where}.kind", _FIELD_KINDS)
    options = tuple(
        _text(one, f"{where}.options", 120) for one in _list(data.get("options", []), f"{where}.options", 50)
    )
    if (kind == "choice") != bool(options):
        raise TemplateError(f"{where}.options", "選択肢は、種類が choice の欄にだけ、一つ以上書いてください")
    if not isinstance(data.get("required", False), bool):
        raise TemplateError(f"{where}.required", "true か false で書いてください")
    hint = _text(data.get("hint", ""), f"{where}.hint", 300)
    return TemplateField(
        key, _text(data["label"], f"{where}.label", 80), kind, data.get("required", False), hint, options
    )


def _part(data: Any, where: str, known: set[str]) -> Part:
    _shape(data, where, {"part"}, {"text", "ask", "sentences", "instruct"})
    kind = _one_of(data["part"], f"{where}.part", _PARTS)
    if kind != "sources":
        _shape(data, where, {"part", "text"}, set())
        return Part(kind, _slots(data["text"], f"{where}.text", known))
    _shape(data, where, {"part", "ask"}, {"sentences", "instruct"})
    count = data.get("sentences", 4)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_SENTENCES:
        raise TemplateError(f"{where}.sentences", f"1から{MOST_SENTENCES}までの数で書いてください")
    ask = _slots(data["ask"], f"{where}.ask", known)
    if not _SLOT.search(ask):
        raise TemplateError(f"{where}.ask", "何を探すかの欄を {…} で入れてください")
    return Part(
        kind, ask=ask, sentences=count, instruct=_text(data.get("instruct", ""), f"{where}.instruct", LONGEST)
    )


def _slots(text: Any, where: str, known: set[str], longest: int = LONGEST) -> str:
    plain = _text(text, where, longest)
    for key in _SLOT.findall(plain):
        if key not in known:
            raise TemplateError(where, f"「{{{key}}}」という欄はありません")
    if re.search(r"[{}]", _SLOT.sub("", plain)):
        raise TemplateError(where, "「{」と「}」の数が合いません")
    return plain


def _shape(data: Any, where: str, needed: set[str], allowed: set[str]) -> None:
    if not isinstance(data, dict):
        raise TemplateError(where, "{…} の形で書いてください")
    for name in sorted(needed - data.keys()):
        raise TemplateError(where, f"「{name}」がありません")
    for name in sorted(data.keys() - needed - allowed):
        raise TemplateError(where, f"「{name}」は使えません")


def _list(data: Any, where: str, most: int) -> list[Any]:
    if not isinstance(data, list) or len(data) > most:
        raise TemplateError(where, f"[…] の形で、{most}個まで書いてください")
    return data


def _text(data: Any, where: str, longest: int) -> str:
    if not isinstance(data, str) or len(data) > longest:
        raise TemplateError(where, f"{longest}字までの文字で書いてください")
    return data


def _one_of(data: Any, where: str, words: Sequence[_Word]) -> _Word:
    if data not in words:
        raise TemplateError(where, f"{'、'.join(words)} のどれかを書いてください")
    return cast("_Word", data)
