"""A procedure as data: what is asked, by which law, on which form, by which rules checked, in which letters answered.

``load(directory)`` reads ``procedure.json``, ``rules.json``, ``letters.json`` and every ``forms/*.json`` of a folder
such as those in ``machi/casework/data/procedures``, and holds them against each other: a rule about a field that no
form has is an error that names both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Literal

from machi.base.engine.typesetting import set_pdf
from machi.casework.engine.checking_rules import (
    AnyRule,
    Law,
    When,
    documents_of,
    fields_of,
    holds,
    read_rules,
)
from machi.casework.engine.described import DescriptionError, described_json
from machi.casework.engine.types import FieldDefinition, FormDefinition

LetterKind = Literal["receipt", "amendment", "approval", "refusal"]
LETTERS: tuple[LetterKind, ...] = ("receipt", "amendment", "approval", "refusal")
PLACEHOLDERS = frozenset(
    [
        "applicant",
        "reference",
        "received",
        "decided",
        "due",
        "decision",
        "title",
        "town",
        "mayor",
        "office",
        "contact",
    ]
)
"""What a line of a letter may leave to be filled."""
ALONE = frozenset({"items", "reasons", "conditions", "appeal"})
"""What fills a paragraph of its own."""
Appeal = Literal["mayor", "prefecture"]


@dataclass(frozen=True, slots=True)
class DocumentWanted:
    """A paper that comes with the form. Without ``when`` always. ``fields`` are read from it by their labels."""

    key: str
    title: str
    why: str = ""
    when: When | None = None
    fields: tuple[FieldDefinition, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Processing:
    """How long it may take from the day of receipt (標準処理期間)."""

    days: int
    working_days: bool = False


@dataclass(frozen=True, slots=True)
class StraightThrough:
    """What may be approved without a person where the municipality allows it: never a refusal, and only where every
    rule passed, every field is as sure as the municipality asks, and ``only`` holds."""

    possible: bool = False
    only: tuple[When, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Roles:
    """Which fields say who asks and whither an answer goes."""

    applicant: str
    address: str
    postal_code: str = ""
    telephone: str = ""
    email: str = ""
    kana: str = ""
    birth: str = ""
    filed: str = ""
    """The day it is handed in, which a form on the web fills in by itself."""


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter's words; ``{placeholders}`` are filled. A paragraph that is ``{items}``, ``{reasons}`` or
    ``{conditions}`` alone becomes a list; ``{appeal}`` alone becomes the instructions on remedies."""

    subject: str
    body: tuple[str, ...]
    particulars: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """``procedure.json``."""

    key: str
    title: str
    summary: str
    law: tuple[Law, ...]
    documents: tuple[DocumentWanted, ...]
    processing: Processing
    approvers: Literal[1, 2]
    retention_years: int
    roles: Roles
    appeal: Appeal
    """To whom a request for review goes: the mayor for the town's own work, the governor for work of the state."""
    straight_through: StraightThrough = field(default_factory=StraightThrough)
    public_notes: tuple[str, ...] = ()
    """For applicants, in plain words."""
    on_paper: str = ""
    """Why it cannot be applied for on the web, for applicants; empty where it can."""


@dataclass(frozen=True, slots=True)
class Procedure:
    about: Description
    forms: tuple[FormDefinition, ...]
    rules: tuple[AnyRule, ...]
    letters: Mapping[LetterKind, LetterText]
    blanks: Mapping[str, str] = field(default_factory=dict)
    """Typst of the blank forms, by form."""

    @property
    def key(self) -> str:
        return self.about.key

    @property
    def fields(self) -> tuple[FieldDefinition, ...]:
        """Of all forms, in order."""
        return tuple(one for form in self.forms for one in form.fields)

    @property
    def papers(self) -> tuple[FormDefinition, ...]:
        """The papers that come with the form, as definitions without places: read by their labels. Their keys are the
        documents' own, so that a reading's values are ``Context.documents[reading.form]``."""
        return tuple(
            FormDefinition(
                key=one.key,
                title=one.title,
                version="",
                fields=tuple(
                    replace(f, label=f"{one.title}：{f.label}", anchors=(f.label, *f.anchors))
                    for f in one.fields
                ),
                marks=one.marks,
            )
            for one in self.about.documents
            if one.fields
        )

    def labels(self) -> dict[str, str]:
        """Words for fields and documents, as ``domain.checking_words`` takes them."""
        documents = {one.key: one.title for one in self.about.documents}
        inside = {f"{one.key}.{f.key}": f.label for one in self.about.documents for f in one.fields}
        return {**documents, **inside, **{one.key: one.label for one in self.fields}}


def load(directory: Traversable, forms: Sequence[FormDefinition] | None = None) -> Procedure:
    """``forms``: instead of those in the directory. Raises ``DescriptionError`` naming file, place and what is wrong,
    OSError for a file that is not there."""
    about: Description = described_json(
        Description, directory.joinpath("procedure.json").read_bytes(), f"{directory.name}/procedure.json"
    )
    found, blanks = list(forms or ()), {}
    paths = directory.joinpath("forms").iterdir() if forms is None else ()
    for path in sorted(paths, key=lambda one: one.name):
        if path.name.endswith(".form.json"):
            source = f"{about.key}/forms/{path.name}"
            form: FormDefinition = described_json(FormDefinition, path.read_bytes(), source)
            found.append(form)
        elif path.name.endswith(".typ"):
            blanks[path.name.removesuffix(".typ")] = path.read_text(encoding="utf-8")
    rules = read_rules(directory.joinpath("rules.json").read_bytes(), f"{about.key}/rules.json")
    letters: dict[LetterKind, LetterText] = described_json(
        dict[LetterKind, LetterText],
        directory.joinpath("letters.json").read_bytes(),
        f"{about.key}/letters.json",
    )
    procedure = Procedure(about, tuple(found), rules, letters, blanks)
    validate(procedure)
    return procedure


def blank_pdf(procedure: Procedure, form: str) -> bytes:
    """The blank form to print. KeyError where the procedure has no such form."""
    return set_pdf(procedure.blanks[form].encode(), {})


def wanted(procedure: Procedure, values: Mapping[str, str]) -> tuple[DocumentWanted, ...]:
    """The papers that this application needs."""
    return tuple(one for one in procedure.about.documents if one.when is None or holds(one.when, values))


def may_go_straight(procedure: Procedure, values: Mapping[str, str]) -> bool:
    """Whether the procedure lets such an application be approved without a person, should the municipality allow it."""
    straight = procedure.about.straight_through
    return straight.possible and all(holds(one, values) for one in straight.only)


def validate(procedure: Procedure) -> None:
    """Holds the parts against each other. Raises ``DescriptionError``."""
    about = procedure.about
    keys = [one.key for one in procedure.fields]
    for key in keys:
        if keys.count(key) > 1:
            raise DescriptionError(about.key, f"field {key}", "stands twice in the forms")
    if twice := {form.key for form in procedure.forms} & {one.key for one in about.documents}:
        raise DescriptionError(about.key, f"documents: {min(twice)}", "a form has that key")
    for place, name in _named_fields(procedure):
        if name and name not in keys:
            raise DescriptionError(about.key, place, f"no form has a field {name}")
    options = {
        one.key: {"", *(o.key for o in one.options)} for one in procedure.fields if one.kind == "choice"
    }
    for place, name, values in _named_values(procedure):
        if name in options and not set(values) <= options[name]:
            raise DescriptionError(
                about.key, place, f"{name} has no option {sorted(set(values) - options[name])}"
            )
    documents = {one.key: {f.key for f in one.fields} for one in about.documents}
    for rule in procedure.rules:
        for document in documents_of(rule):
            if document not in documents:
                raise DescriptionError(about.key, f"rules.json: {rule.key}", f"no document {document}")
        if rule.kind == "cross-document" and rule.other not in documents[rule.document]:
            raise DescriptionError(
                about.key, f"rules.json: {rule.key}", f"{rule.document} has no {rule.other}"
            )
    for one in about.straight_through.only:
        if not one.every:
            # One harmless tick among harmful ones must not be enough.
            raise DescriptionError(about.key, f"procedure.json: straight_through: {one.field}", "needs every")
    for kind in LETTERS:
        if kind not in procedure.letters:
            raise DescriptionError(about.key, "letters.json", f"no letter {kind}")
    for kind, letter in procedure.letters.items():
        _check_letter(about.key, kind, letter)


def _named_fields(procedure: Procedure) -> list[tuple[str, str]]:
    about = procedure.about
    named = [(f"rules.json: {rule.key}", name) for rule in procedure.rules for name in fields_of(rule)]
    named += [("procedure.json: roles", name) for name in _role_fields(about.roles)]
    named += [("procedure.json: straight_through", one.field) for one in about.straight_through.only]
    named += [(f"procedure.json: {one.key}", one.when.field) for one in about.documents if one.when]
    for kind, letter in procedure.letters.items():
        filled = [one for line in _lines_of(letter) for one in _filled_in(about.key, kind, line)]
        named += [(f"letters.json: {kind}", spec or "?") for name, spec, _ in filled if name == "field"]
    return named


def _named_values(procedure: Procedure) -> list[tuple[str, str, tuple[str, ...]]]:
    about = procedure.about
    named = [(f"rules.json: {r.key}", r.when.field, r.when.values) for r in procedure.rules if r.when]
    named += [(f"rules.json: {r.key}", r.field, r.values) for r in procedure.rules if r.kind == "one-of"]
    named += [("procedure.json: straight_through", w.field, w.values) for w in about.straight_through.only]
    named += [(f"procedure.json: {d.key}", d.when.field, d.when.values) for d in about.documents if d.when]
    return named


def _lines_of(letter: LetterText) -> list[str]:
    return [letter.subject, *letter.body, *(text for pair in letter.particulars for text in pair)]


def _filled_in(key: str, kind: str, line: str) -> Iterator[tuple[str, str, str]]:
    """Name, what stands behind its colon, and conversion of all that is filled into a line of a letter."""
    try:
        parts = list(Formatter().parse(line))
    except ValueError as error:
        raise DescriptionError(key, f"letters.json: {kind}", f"{line!r}: {error}") from None
    for _, name, spec, conversion in parts:
        if name is not None:
            yield name, spec or "", conversion or ""


def _role_fields(roles: Roles) -> tuple[str, ...]:
    return (
        roles.applicant,
        roles.address,
        roles.postal_code,
        roles.telephone,
        roles.email,
        roles.kana,
        roles.birth,
        roles.filed,
    )


def _check_letter(key: str, kind: str, letter: LetterText) -> None:
    for line in _lines_of(letter):
        if line in {f"{{{name}}}" for name in ALONE}:
            continue
        # Whatever else a format string can do (attributes, conversions) is no business of a letter.
        unknown = {
            name
            for name, spec, conversion in _filled_in(key, kind, line)
            if conversion or (name != "field" and (name not in PLACEHOLDERS or spec))
        }
        if unknown:
            raise DescriptionError(
                key, f"letters.json: {kind}", f"not to be filled in a line: {sorted(unknown)}"
            )
    if kind == "refusal" and not {"{reasons}", "{appeal}"} <= set(letter.body):
        raise DescriptionError(key, "letters.json: refusal", "a refusal gives its {reasons} and the {appeal}")
