"""What was read of an application, on its way into the database: pages, and a value for every field of its forms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils import timezone

from machi.casework.domain import files, spots
from machi.casework.domain.engines import (
    Opened,
    PageImage,
    blanks_of,
    define,
    open_kept,
    pages_of,
    plain,
    read_forms,
    read_texts,
    renumbered,
)
from machi.casework.domain.grouping import Case, grouped, main_form
from machi.casework.domain.numbering import due_on, next_number
from machi.casework.domain.procedure_data import data_of
from machi.casework.domain.record import READ, record, result
from machi.casework.engine.types import (
    EngineName,
    FieldDefinition,
    FieldReading,
    FormDefinition,
    FormReading,
    Spot,
)
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
    single: bool = False
    """It is one application, whatever is in it: it was read before, or whoever handed it in said so."""


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
    procedures = _procedures(application)
    stored = list({form.key: form for one in procedures for form in stored_forms(one)}.values())
    forms = [define(one) for one in stored]
    handed_in = files_of(application)
    before = set(application.pages.values_list("file_id", "sha256"))
    shared = {file for file, _page in before}
    pages: list[tuple[PageImage, int]] = []
    parts: list[Opened] = []
    for one in handed_in:
        for part in _with_parts(open_kept(one.name, files.kept(town, one.sha256))):
            found = [(page, one.pk) for page in pages_of(part)]
            if one.pk in shared:  # read anew: the other pages of the pile are other applications by now
                kept = [item for item in found if (one.pk, files.digest_of(item[0].png)) in before]
                if len(kept) < len(found):
                    part, found = _without_others(part, [page for page, _file in kept]), kept
            pages += found
            parts.append(part)
    images = [page for page, _file in pages]
    readings = read_forms(images, forms, blanks_of(town, stored)) + read_texts(images, forms, parts)
    if application.given:
        readings += _given(application, forms)
    single = bool(before or application.given or len(handed_in) > 1 or application.values.exists())
    cases = grouped(procedures, readings, len(pages), single=single)
    readings += _papers(cases, images, parts)
    return Found(pages, readings, [one.sha256 for one in handed_in], forms, single)


def files_of(application: Application) -> list[SourceFile]:
    """What was handed in for it, the pile among it out of which it was sorted."""
    own = Q(application=application) | Q(pages__application=application)
    return list(SourceFile.objects.filter(own, parent=None).distinct().order_by("pk"))


def sort(application: Application, found: Found) -> list[Case]:
    """Which procedure it is, and which forms and pages belong together; writes nothing."""
    return grouped(_procedures(application), found.readings, len(found.pages), single=found.single)


def store(application: Application, found: Found, cases: Sequence[Case]) -> list[Application]:
    """Writes it, inside the caller's transaction: the application given, and new ones beside it where there are
    several."""
    if application.procedure is None and cases[0].procedure is not None:
        application.procedure = cases[0].procedure
        application.due_on = due_on(application.received_at, cases[0].procedure)
    made = [application, *(_beside(application, case.procedure) for case in cases[1:])]
    for one, case in zip(made, cases, strict=True):
        own = case.procedure.content.get("forms", ()) if case.procedure else ()
        about = data_of(case.procedure) if case.procedure else None
        forms = [form for form in found.forms if form.key in own] + list(about.papers if about else ())
        papers = {paper.key for paper in about.about.documents} if about else set()
        numbers = {page: at for at, page in enumerate(case.pages)}
        one.documents = sorted(
            {*one.documents, *(each.form for each in case.readings if each.form in papers)}
        )
        _store_pages(one, found, numbers)
        _store_values(one, case.readings, forms, numbers)
        _record(one, case.readings, found)
    return made


def _procedures(application: Application) -> list[Procedure]:
    """Those it may be: the one that somebody named, else all that are in use."""
    if application.procedure is not None:
        return [application.procedure]
    return list(Procedure.objects.filter(active=True).order_by("key"))


def _papers(cases: Sequence[Case], images: Sequence[PageImage], parts: Sequence[Opened]) -> list[FormReading]:
    """The papers that came with the forms, read by their labels: each on the pages of its own application that are no
    form's, for which papers are wanted is known only once the form is."""
    found: list[FormReading] = []
    for number, case in enumerate(cases):
        papers = data_of(case.procedure).papers if case.procedure else ()
        taken = {page for one in case.readings for page in one.pages}
        left = [page for page in case.pages if page not in taken]
        if papers:
            seen = read_forms([images[page] for page in left], papers, {})
            found += [renumbered(one, left) for one in seen]
            # A form of the case has 氏名 and 住所 too: what stands beside its labels is of no other paper.
            labels = {spot for one in case.readings for spot in _labels(one)}
            found += [
                one
                for one in read_texts(images, papers, parts)
                if (set(one.pages) & set(case.pages) or (not one.pages and number == 0))
                and labels.isdisjoint(_labels(one))
            ]
    return found


def _labels(reading: FormReading) -> set[tuple[int, Spot]]:
    """The cells and lines of its labels, with their pages."""
    return {
        (one.place.page, one.label_spot)
        for one in reading.fields.values()
        if one.place is not None and one.label_spot is not None
    }


def _without_others(part: Opened, pages: Sequence[PageImage]) -> Opened:
    """A workbook in which only those sheets are left of which a page is this application's."""
    own = {number for page in pages if page.drawn_of == part.digest for _kind, number, *_cell in page.boxes}
    sheets = tuple(
        sheet if number in own or part.kind != "excel" else replace(sheet, cells={})
        for number, sheet in enumerate(part.sheets, 1)
    )
    return replace(part, sheets=sheets)


def _with_parts(opened: Opened) -> list[Opened]:
    """The file and what is attached to it, in all levels."""
    return [opened, *(part for one in opened.attachments for part in _with_parts(one))]


def _beside(application: Application, procedure: Procedure | None) -> Application:
    one = Application.objects.create(
        municipality=application.municipality,
        number=next_number(application.municipality, application.received_at),
        procedure=procedure,
        channel=application.channel,
        received_at=application.received_at,
        due_on=due_on(application.received_at, procedure),
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
    main = main_form(application.procedure) if application.procedure else ""
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
        spot=spots.kept(got.spot, got.around if page is not None else None) if got.spot else None,
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
    """What was typed into a web form, sent over the API or taken from another system: as sure as whoever typed it."""
    engine: EngineName = "import" if application.channel == Application.Channel.IMPORT else "web"
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
            fields[one.key] = FieldReading(one.key, raw, told.value, 1.0, engine, None, told.doubts)
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
