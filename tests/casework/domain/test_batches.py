"""Many files at once: kept at once, opened in the background, none lost and none twice however often the job dies."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import batches, files
from machi.casework.engine.intake_types import Opened
from machi.casework.models import Application, Batch, SourceFile
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import a_pdf, signed_in

pytestmark = pytest.mark.django_db


def given() -> list[tuple[str, bytes]]:
    return [
        ("a.pdf", a_pdf(dog="ポチ")),
        ("b.exe", b"MZ\x90\x00"),
        ("c.pdf", a_pdf(dog="シロ")),
        ("d.pdf", a_pdf(dog="ポチ")),
    ]


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def handed_over(town: Municipality, *, together: bool = False) -> Batch:
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        return batches.hand_over(town, given(), procedure=None, together=together, person=person)


def outcomes(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.files.values_list("outcome", "key"))


def test_each_file_is_judged_and_what_was_refused_is_not_kept(town: Municipality) -> None:
    batch = handed_over(town)
    batches.run(town, batch.pk)
    with in_municipality(town):
        assert outcomes(batch) == [("taken", ""), ("refused", "program"), ("taken", ""), ("duplicate", "")]
        assert Application.objects.count() == 2
        batch.refresh_from_db()
        assert batch.finished_at is not None
        with pytest.raises(FileNotFoundError):
            files.kept(town, batch.files.get(outcome="refused").sha256)


def test_together_it_is_one_application(town: Municipality) -> None:
    batch = handed_over(town, together=True)
    batches.run(town, batch.pk)
    with in_municipality(town):
        assert Application.objects.count() == 1
        assert SourceFile.objects.count() == 2


def test_killed_job_goes_on_where_it_was(town: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = handed_over(town)
    real, opened = batches.open_untrusted, []

    def killed_at_the_third(name: str, data: bytes) -> Opened:
        opened.append(name)
        if len(opened) == 3:
            raise KeyboardInterrupt
        return real(name, data)

    monkeypatch.setattr(batches, "open_untrusted", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        batches.run(town, batch.pk)
    batches.run(town, batch.pk)
    assert opened == ["a.pdf", "b.exe", "c.pdf", "c.pdf", "d.pdf"]
    with in_municipality(town):
        assert [outcome for outcome, _key in outcomes(batch)] == ["taken", "refused", "taken", "duplicate"]
        assert Application.objects.count() == 2


def test_page_shows_what_waits_and_what_became_of_it(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FEW", 3)
    clerk = signed_in(town)
    sent = [SimpleUploadedFile(name, data) for name, data in given()]
    answered = clerk.post(reverse("casework:upload_applications", args=[town.code]), {"upload": sent})
    page = answered["Location"]
    before = clerk.get(page).content.decode()
    assert "順番を待っています" in before
    assert "every 2s" in before
    with in_municipality(town):
        batch = Batch.objects.get()
    batches.run(town, batch.pk)
    after = clerk.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "2件の申請を受け付けました" in after
    assert "プログラムは受け付けません" in after
    assert "every 2s" not in after
    assert signed_in(town, Role.AUDITOR).get(page).status_code == 403
    assert signed_in(a_municipality("332020")).get(page).status_code == 403
