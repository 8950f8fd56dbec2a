"""After the decision: samples looked at, corrections learnt from, work forecast, cases erased, files written out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerSalt, Municipality, Role
from machi.base.rooms import ai_system
from machi.base.scoping import in_municipality
from machi.casework.domain import audits, daily, files, intake, learning, output, reading, ruling, waiting
from machi.casework.domain.checking import against_straight_through
from machi.casework.domain.procedures import adopt, change
from machi.casework.domain.workload import by_procedure, expected
from machi.casework.engine.output import Column, Mapping
from machi.casework.models import (
    Application,
    CaseLetter,
    FieldThreshold,
    FieldValue,
    Procedure,
    SampleAudit,
    SourceFile,
)
from machi.governance.models import RegisteredSystem
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import LAYOUT, VALUES, a_pdf, a_procedure, taken, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def test_wrong_sample_is_recorded_and_its_approval_undone(town: Municipality) -> None:
    procedure = a_procedure(town, straight_through=True, sampling_share=1.0)
    one = typed(town, procedure)
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        audit = SampleAudit.objects.get()
        with pytest.raises(Refused, match="どこが誤っていたか"):
            audits.judge(audit, person, right=False)
        assert audits.judge(audit, person, right=False, note="犬の名前が違う") is True
        with pytest.raises(Refused, match="もう確かめて"):
            audits.judge(audit, person, right=True)
        one.refresh_from_db()
        assert (one.state, one.outcome) == ("review", "")
        assert audits.figures() == {"straight": 1, "drawn": 1, "right": 0, "wrong": 1}
        last = LedgerEntry.objects.filter(subject=f"application:{one.pk}").last()
        assert last is not None
        assert "犬の名前" not in last.body


def test_nothing_goes_straight_through_where_the_register_does_not_approve(town: Municipality) -> None:
    procedure = a_procedure(town, straight_through=True)
    with in_municipality(town):
        RegisteredSystem.objects.filter(key="casework.straight_through").delete()
    one = typed(town, procedure)
    with in_municipality(town):
        assert one.state == "review"
        assert against_straight_through(one) == ["not-approved"]
    assert ai_system("casework.straight_through").work == "decides"


def test_procedure_that_law_keeps_for_people_cannot_be_let_through(town: Municipality) -> None:
    person = a_person(Role.MANAGER, town)
    with in_municipality(town):
        procedure = adopt(town, "child-allowance-change", person)
        settings = {
            name: getattr(procedure, name)
            for name in (
                "active",
                "web_form",
                "working_days",
                "threshold",
                "two_person",
                "sampling_share",
                "kept_days",
            )
        }
        assert procedure.two_person is True
        with pytest.raises(Refused, match="自動で承認できません"):
            change(procedure, person, {**settings, "two_person": False, "straight_through": True})
        change(procedure, person, {**settings, "working_days": 7, "straight_through": False})
        procedure.refresh_from_db()
        assert procedure.working_days == 7
        with pytest.raises(Refused, match="もう使っています"):
            adopt(town, "child-allowance-change", person)


def _looked_at(town: Municipality, confidence: float, *, wrong: int, right: int) -> None:
    procedure = Procedure.objects.first() or a_procedure(town)
    rows = []
    for number in range(wrong + right):
        application = Application.objects.create(
            municipality=town,
            procedure=procedure,
            number=f"2026-{confidence}-{number}",
            channel="upload",
            due_on=date(2026, 12, 1),
            state="notified",
        )
        rows.append(
            FieldValue(
                municipality=town,
                application=application,
                form=LAYOUT.key,
                form_version="1",
                field="dog",
                label="犬の名前",
                kind="text",
                ordinal=0,
                engine="rapidocr",
                confidence=1,
                read_confidence=confidence,
                threshold=0.99,
                corrected=number < wrong,
                looked_at=timezone.now(),
            )
        )
    FieldValue.objects.bulk_create(rows)


def test_corrections_become_a_proposal_that_a_person_takes(town: Municipality) -> None:
    person = a_person(Role.MANAGER, town)
    procedure = a_procedure(town)
    with in_municipality(town):
        _looked_at(town, 0.96, wrong=0, right=150)
        _looked_at(town, 0.85, wrong=20, right=30)
        assert learning.propose_thresholds(town) == 1
        assert learning.propose_thresholds(town) == 0
        proposal = FieldThreshold.objects.get()
        assert (proposal.value, proposal.seen, proposal.wrong) == (0.9, 150, 0)
        learning.decide(proposal, person, accept=True)
        with pytest.raises(Refused):
            learning.decide(proposal, person, accept=False)
        assert learning.propose_thresholds(town) == 0
        bands = {band.low: (band.seen, band.wrong) for band in learning.by_band()}
        assert bands[0.8] == (50, 20)
        assert [(one.seen, one.wrong) for one in learning.by_month()] == [(200, 20)]
    one = taken(town, procedure, a_pdf())
    with in_municipality(town):
        assert one.values.get(field="dog").threshold == 0.9
        assert one.values.get(field="name").threshold == 0.99


@pytest.mark.django_db(transaction=True)  # files go when the transaction is through
def test_erasing_leaves_figures_and_nothing_of_the_person(town: Municipality) -> None:
    procedure = a_procedure(town)
    one = taken(town, procedure, a_pdf())
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        names = [
            *SourceFile.objects.values_list("sha256", flat=True),
            *one.pages.values_list("sha256", flat=True),
        ]
        folder = town.folder / "casework"
        for name in names:  # as a job leaves it that is killed while it writes
            (folder / name[:2] / f".{name}.4711").write_bytes(b"half")
        ruling.refuse(one, person, "犬がいないため")
        ruling.notify(one, person)
        Application.objects.update(notified_at=timezone.now() - timedelta(days=procedure.kept_days + 1))
    with in_municipality(town):
        assert erasing.expired(town) == [f"application:{one.pk}"]
        erasing.erase_expired(town)
        one = Application.objects.get()
        assert (one.number, one.applicant, one.telephone) == ("2026-000001", None, None)
        assert not one.values.exists()
        assert not SourceFile.objects.exists()
        assert CaseLetter.objects.get().content is None
        assert one.rulings.get().reason is None
        assert not LedgerSalt.objects.filter(
            entry__subject=f"application:{one.pk}", entry__kind="application"
        ).exists()
        with pytest.raises(Refused):
            erasing.erase(town, f"application:{one.pk}", ground="request")
    assert len(names) == 2
    for name in names:
        with pytest.raises(FileNotFoundError):
            files.kept(town, name)
        assert not list(folder.glob(f"*/*{name}*"))


def test_decided_applications_are_written_out(town: Municipality) -> None:
    procedure = a_procedure(town)
    one = typed(town, procedure)
    person = a_person(Role.CLERK, town)
    today = timezone.localdate()
    mapping = Mapping(
        "dog.csv",
        "犬",
        (
            Column("受付番号", "@reference", required=True),
            Column("氏名", "name", width=40),
            Column("生年月日", "born", "date-era-7"),
            Column("結果", "@outcome", codes={"approved": "1"}),
        ),
        encoding="cp932",
    )
    with in_municipality(town):
        assert output.dry_run(mapping, today, today).report.rows == 0
        ruling.approve(one, person)
        written = output.write_out(town, mapping, today, today, person)
        assert written.report.errors == ()
        assert written.data.decode("cp932").splitlines()[1] == "2026-000001,山田　太郎,5060501,1"
        entry = LedgerEntry.objects.last()
        assert entry is not None
        assert '"mapping":"dog.csv"' in entry.body
        assert "山田" not in entry.body


def test_what_was_not_approved_is_written_only_where_the_file_says_so(town: Municipality) -> None:
    procedure = a_procedure(town)
    one, other = typed(town, procedure), typed(town, procedure, {**VALUES, "name": "鈴木 花子"})
    person = a_person(Role.CLERK, town)
    today = timezone.localdate()
    number = Column("受付番号", "@reference")
    with in_municipality(town):
        ruling.approve(one, person)
        ruling.refuse(other, person, "要件に合わない。")
        silent = output.dry_run(Mapping("dog.csv", "犬", (number,)), today, today)
        telling = output.dry_run(Mapping("dog.csv", "犬", (number, Column("結果", "@outcome"))), today, today)
    assert (silent.report.rows, telling.report.rows) == (1, 2)


def test_folder_is_taken_in_once_and_nothing_disappears(town: Municipality) -> None:
    a_procedure(town)
    with in_municipality(town):
        folder = intake.drop_folder(town)
        folder.mkdir(parents=True)
        (folder / "よい.pdf").write_bytes(a_pdf())
        (folder / "また.pdf").write_bytes(a_pdf())
        (folder / "だめ.exe").write_bytes(b"MZ" + bytes(100))
        daily.each_day(town)
        daily.each_day(town)
        assert Application.objects.count() == 1
        assert sorted(path.name for path in (folder / "done").iterdir()) == ["また.pdf", "よい.pdf"]
        assert [path.name for path in (folder / "refused").iterdir()] == ["だめ.exe"]
        assert reading.waiting().count() == 1


def test_what_waits_and_how_long_it_took(town: Municipality) -> None:
    procedure = a_procedure(town)
    one = typed(town, procedure)
    clerk, manager = a_person(Role.CLERK, town), a_person(Role.MANAGER, town)
    with in_municipality(town):
        told = {str(line.label): line.count for line in waiting.waiting(town, clerk)}
        assert told["審査を待っている申請"] == 1
        assert "2人目の承認を待っている申請" not in told
        assert "2人目の承認を待っている申請" in {str(line.label) for line in waiting.waiting(town, manager)}
        ruling.approve(one, clerk)
        (found,) = by_procedure(date(2020, 1, 1))
        assert (found.title, found.times.count, found.times.late) == ("犬の登録", 1, 0)
        assert expected(timezone.localdate()) == []


def test_same_application_again_is_found_without_reading_names(town: Municipality) -> None:
    rules = [{"kind": "duplicate", "key": "again", "title": "先に出されていない", "fields": ["name", "dog"]}]
    procedure = a_procedure(town, rules=rules)
    first = typed(town, procedure)
    second = typed(town, procedure, {**VALUES, "name": "山田太郎"})
    other = typed(town, procedure, {**VALUES, "dog": "シロ"})
    with in_municipality(town):
        assert [one.checks.get().result for one in (first, second, other)] == ["passed", "failed", "passed"]
        assert first.number in (second.checks.get().reason or "")
        keys = second.duplicate_keys.get()
        assert "山田" not in keys.digest
