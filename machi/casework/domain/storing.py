"""What was read of an application, on its way into the database: pages, and a value for every field of its forms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from machi.casework.domain import files
from machi.casework.domain.engines import (
    Opened,
    PageImage,
    blanks_of,
    define,
    open_kept,
    pages_of,
    plain,
    read_forms,
)
from machi.casework.domain.numbering import due_on, next_number
from machi.casework.domain.procedure_data import data_of
from machi.casework.domain.record import READ, record, result
from machi.casework.engine.types import FieldDefinition, FieldReading, FormDefinition, FormReading
from machi.casework.models import (
    Application,
    CaseForm,
    FieldThreshold,
    FieldValue,
    Page,
    Procedure,
    SourceFile,
)

NOT_FOUND = "not-found"


@dataclass(frozen=True, slots=True)
class Found:
    """Read, but not stored yet."""

    pages: Sequence[tuple[PageImage, int]] = ()
    """Each with the number of the file it is of."""
    readings: Sequence[FormReading] = ()
    digests: Sequence[str] = ()
    forms: Sequence[FormDefinition] = field(default=())


def stored_forms(procedure: Procedure) -> list[CaseForm]:
    """Current versions, the procedure's main form first."""
    keys = list(procedure.content.get("forms", ()))
    stored = {one.key: one for one in CaseForm.objects.filter(key__in=keys, current=True)}
    return [stored[key] for key in keys if key in stored]


def forms_of(procedure: Procedure) -> list[FormDefinition]:
    return [define(one) for one in stored_forms(procedure)]


def read(application: Application) -> Found:
    """Opens its files and reads every form in them; takes seconds and writes nothing. RefusedFile where one cannot be
    opened any more."""
    town = application.municipality
    if application.procedure is not None:
        stored = stored_forms(application.procedure)
    else:
        stored = [
            form
            for one in Procedure.objects.filter(active=True).order_by("key")
            for form in stored_forms(one)
        ]
        stored = list({one.key: one for one in stored}.values())
    forms = [*map(define, stored), *_papers(application)]
    handed_in = list(SourceFile.objects.filter(application=application, parent=None).order_by("pk"))
    pages: list[tuple[PageImage, int]] = []
    parts: list[Opened] = []
    for one in handed_in:
        for part in _with_parts(open_kept(one.name, files.kept(town, one.sha256))):
            pages += [(page, one.pk) for page in pages_of(part)]
            parts.append(part)
    readings = read_forms([page for page, _file in pages], forms, blanks_of(town, stored), parts)
    if application.given:
        readings += _given(application, forms)
    return Found(pages, readings, [one.sha256 for one in handed_in], forms)


@dataclass(frozen=True, slots=True)
class Sorted:
    """What was read, by application: a file in which the main form stands several times is several of them."""

    procedure: Procedure | None
    groups: Sequence[Sequence[FormReading]]

    def values(self) -> list[dict[str, str]]:
        """Plain values by field, of each."""
        return [
            {key: one.value for form in group for key, one in form.fields.items()} for group in self.groups
        ]


def sort(application: Application, found: Found) -> Sorted:
    """Which procedure it is, and which forms belong together; writes nothing."""
    procedure = application.procedure or _recognised(found)
    own = keys_of(procedure) if procedure else ()
    return Sorted(procedure, _groups(procedure, [one for one in found.readings if one.form in own]))


def store(application: Application, found: Found, told: Sorted) -> list[Application]:
    """Writes it, inside the caller's transaction: the application given, and new ones beside it where there are
    several."""
    if application.procedure is None and told.procedure is not None:
        application.procedure = told.procedure
        application.due_on = due_on(application.received_at, told.procedure)
    own = keys_of(told.procedure) if told.procedure else ()
    forms = [one for one in found.forms if one.key in own]
    papers = {one.key for one in data_of(told.procedure).about.documents} if told.procedure else set()
    made = [application, *(_beside(application) for _more in told.groups[1:])]
    many = len(made) > 1
    for one, readings in zip(made, told.groups, strict=True):
        pages = (
            {page for reading in readings for page in reading.pages} if many else set(range(len(found.pages)))
        )
        numbers = {page: at for at, page in enumerate(sorted(pages))}
        one.documents = sorted({*one.documents, *(each.form for each in readings if each.form in papers)})
        _store_pages(one, found, numbers)
        _store_values(one, readings, forms, numbers)
        _record(one, readings, found)
    return made


def keys_of(procedure: Procedure) -> list[str]:
    """Of its forms and of the papers that are read by their labels."""
    return [*procedure.content.get("forms", ()), *(one.key for one in data_of(procedure).papers)]


def _papers(application: Application) -> list[FormDefinition]:
    """Definitions of the papers that may come with it; none while the procedure is not known."""
    return list(data_of(application.procedure).papers) if application.procedure else []


def _with_parts(opened: Opened) -> list[Opened]:
    """The file and what is attached to it, in all levels."""
    return [opened, *(part for one in opened.attachments for part in _with_parts(one))]


def _recognised(found: Found) -> Procedure | None:
    """The procedure whose main form was found; of several the one on the first page."""
    mains = {
        forms[0]: one for one in Procedure.objects.filter(active=True) if (forms := one.content.get("forms"))
    }
    read = sorted(found.readings, key=lambda one: min(one.pages, default=0))
    return next((mains[one.form] for one in read if one.form in mains), None)


def _groups(procedure: Procedure | None, readings: Sequence[FormReading]) -> list[list[FormReading]]:
    """Readings by application, in the order of pages: each further main form begins one."""
    main = (procedure.content.get("forms") or [""])[0] if procedure else ""
    groups: list[list[FormReading]] = [[]]
    begun = False
    for one in sorted(readings, key=lambda one: min(one.pages, default=0)):
        again = any(one.form == other.form for other in groups[-1])
        if one.form == main and begun and again:
            groups.append([])
        elif again:
            continue  # a second copy of an annex: the first counts, its page is there to see
        begun = begun or one.form == main
        groups[-1].append(one)
    return groups


def _beside(application: Application) -> Application:
    one = Application.objects.create(
        municipality=application.municipality,
        number=next_number(application.municipality, application.received_at),
        procedure=application.procedure,
        channel=application.channel,
        received_at=application.received_at,
        due_on=application.due_on,
        email=application.email,
    )
    record(one, "split", None, of=application.pk)
    return one


def _store_pages(application: Application, found: Found, numbers: dict[int, int]) -> None:
    application.pages.all().delete()
    # Not before: a picture that no row names would be found by no erasure.
    kept = {page: files.keep(application.municipality, found.pages[page][0].png) for page in numbers}
    Page.objects.bulk_create(
        Page(
            municipality=application.municipality,
            application=application,
            file_id=found.pages[page][1],
            number=number,
            sha256=kept[page],
            width=found.pages[page][0].width,
            height=found.pages[page][0].height,
        )
        for page, number in numbers.items()
    )


def _store_values(
    application: Application,
    readings: Sequence[FormReading],
    forms: Sequence[FormDefinition],
    numbers: dict[int, int],
) -> None:
    thresholds = accepted_thresholds()
    usual = application.procedure.threshold if application.procedure else 1.0
    by_form = {one.form: one for one in readings}
    before = {(one.form, one.field): one for one in application.values.all()}
    main = (application.procedure.content.get("forms") or [""])[0] if application.procedure else ""
    made: list[FieldValue] = []
    for form in forms:
        reading = by_form.get(form.key)
        if reading is None and form.key != main:
            continue  # an annex that was not handed in
        for one in form.fields:
            got = reading.fields.get(one.key) if reading else None
            made.append(
                _value(
                    application,
                    form,
                    one,
                    got or FieldReading(one.key, "", "", 0.0, "image", None, (NOT_FOUND,)),
                    thresholds.get((form.key, one.key), usual),
                    len(made),
                    numbers,
                    before.get((form.key, one.key)),
                )
            )
    application.values.all().delete()
    FieldValue.objects.bulk_create(made)
    name_applicant(application, made)


def _value(
    application: Application,
    form: FormDefinition,
    definition: FieldDefinition,
    got: FieldReading,
    threshold: float,
    ordinal: int,
    numbers: dict[int, int],
    before: FieldValue | None,
) -> FieldValue:
    place = got.place
    page = numbers.get(place.page) if place else None
    value = FieldValue(
        municipality=application.municipality,
        application=application,
        form=form.key,
        form_version=form.version,
        field=definition.key,
        label=definition.label[:120],
        kind=definition.kind,
        ordinal=ordinal,
        required=definition.required,
        raw=got.raw,
        value=got.value,
        page=page,
        box=[place.box.left, place.box.top, place.box.right, place.box.bottom]
        if place and page is not None
        else None,
        engine=got.engine,
        confidence=got.confidence,
        read_confidence=got.confidence,
        threshold=threshold,
        doubts=list(got.doubts),
    )
    if before is not None:
        value.earlier = json.dumps(
            [*json.loads(before.earlier or "[]"), as_earlier(before)], ensure_ascii=False
        )
    return value


def as_earlier(value: FieldValue) -> dict[str, object]:
    """What stands in a field, to be kept when something else takes its place."""
    return {
        "raw": value.raw,
        "value": value.value,
        "engine": value.engine,
        "confidence": value.confidence,
        "at": timezone.now().isoformat(),
        "by": value.looked_by_id,
    }


def accepted_thresholds() -> dict[tuple[str, str], float]:
    """The latest that a person took for each field."""
    taken = FieldThreshold.objects.filter(state=FieldThreshold.State.ACCEPTED).order_by("decided_at", "pk")
    return {(one.form, one.field): one.value for one in taken}


def _given(application: Application, forms: Sequence[FormDefinition]) -> list[FormReading]:
    """What was typed into a web form or sent over the API: as sure as whoever typed it."""
    typed = json.loads(application.given or "{}")
    found = []
    for form in forms:
        values = typed.get(form.key)
        if values is None:
            continue
        fields = {}
        for one in form.fields:
            raw = str(values.get(one.key, ""))
            told = plain(one.kind, raw)
            fields[one.key] = FieldReading(one.key, raw, told.value, 1.0, "web", None, told.doubts)
        found.append(FormReading(form.key, form.version, fields))
    return found


def name_applicant(application: Application, values: Sequence[FieldValue]) -> None:
    """Who applied and how they are reached, from the fields the procedure names, else the first of that kind."""
    named = (application.procedure.content.get("applicant") or {}) if application.procedure else {}
    for column, kind, longest in (
        ("applicant", "person", 120),
        ("email", "email", 254),
        ("telephone", "telephone", 40),
    ):
        wanted = named.get(column)
        for one in values:
            if (f"{one.form}.{one.field}" == wanted if wanted else one.kind == kind) and one.value:
                setattr(application, column, str(one.value)[:longest])
                break


def _record(application: Application, readings: Sequence[FormReading], found: Found) -> None:
    result(
        application,
        READ,
        inputs={
            "files": list(found.digests),
            "values": {
                f"{form.form}.{key}": [one.raw, one.value]
                for form in readings
                for key, one in form.fields.items()
            },
        },
        outputs={
            "forms": [[one.form, one.version, list(one.pages)] for one in readings],
            "confidence": {
                f"{form.form}.{key}": round(one.confidence, 4)
                for form in readings
                for key, one in form.fields.items()
            },
        },
        sources=[{"form": one.form, "version": one.version} for one in readings],
    )
