"""What is given away says who by role, hides personal information, and is proven entry by entry."""

import json
from typing import Any

import pytest

from machi.base import ledger
from machi.base.domain import entries
from machi.base.domain.errors import Refused
from machi.base.engine import offline
from machi.base.models import Appointment, LedgerEntry, Municipality, Person, Role
from machi.base.scoping import in_municipality
from machi.governance.domain import disclosure
from tests.base.factories import a_municipality, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


@pytest.fixture
def auditor(town: Municipality) -> Person:
    return a_person(Role.AUDITOR, town)


def disclosed(town: Municipality, auditor: Person, **given: Any) -> dict[str, Any]:
    with in_municipality(town):
        return disclosure.disclose(town, auditor, entries.search(), **{"reference": "第12号", **given})


def an_entry(town: Municipality, **given: Any) -> LedgerEntry:
    return ledger.record(
        town, **{"system": "frontdesk.hand_over", "kind": "hand_over", "subject": "inquiry:1", **given}
    )


def test_people_are_told_by_their_role(town: Municipality, auditor: Person) -> None:
    clerk, gone = a_person(Role.CLERK, town), a_person(Role.CLERK, a_municipality("332020"))
    Appointment.objects.create(person=clerk, role=Role.MANAGER, municipality=town)
    an_entry(town, actor=clerk, outputs={"to": gone.pk, "by": f"person:{clerk.pk}", "count": clerk.pk})
    an_entry(town, subject=f"person:{gone.pk}")
    an_entry(town)
    document = disclosed(town, auditor)
    rows = document["rows"]
    assert [row["actor"] for row in rows] == ["窓口職員・管理職", "職員以外", "職員以外"]
    assert rows[0]["outputs"] == {"to": "職員（いまは役割なし）", "by": "窓口職員・管理職", "count": clerk.pk}
    assert [row["subject"] for row in rows] == ["問い合わせ 1", "職員（いまは役割なし）", "問い合わせ 1"]
    text = json.dumps(rows, ensure_ascii=False)
    assert "person:" not in text
    assert clerk.name not in text


def test_personal_information_in_free_text_is_masked(town: Municipality, auditor: Person) -> None:
    an_entry(
        town,
        explanation="山田太郎様（電話054-626-1111）から",
        outputs={"name": "広報あつぎ", "note": "090-1234-5678", "list": [{"mail": "yamada@home.example"}]},
        sources=[{"title": "佐藤花子さんへの回答", "document": 3}],
    )
    row = disclosed(town, auditor)["rows"][0]
    text = json.dumps(row, ensure_ascii=False)
    for secret in ("山田", "太郎", "054", "090", "1234", "yamada", "佐藤", "花子"):
        assert secret not in text
    assert row["outputs"]["name"] == "広報あつぎ"
    assert row["sources"][0]["document"] == 3


def test_every_row_is_proven_and_nothing_in_it_can_be_changed(town: Municipality, auditor: Person) -> None:
    for number in range(5):
        an_entry(town, explanation=f"説明{number}")
    document = disclosed(town, auditor, left_out=[1, 3])
    expected = offline.Expected(ledger.signer().verifier.encode(), town.code)
    assert [row["index"] for row in document["rows"]] == [0, 2, 4]
    assert offline.check_disclosure(document, expected) == 3
    with in_municipality(town):
        assert document["rows"][1]["leaf_hash"] == LedgerEntry.objects.get(index=2).leaf_hash
    assert [offline.check_leaf(disclosure.proof_of(row, document), expected) for row in document["rows"]] == [
        0,
        2,
        4,
    ]
    document["rows"][1]["explanation"] = "別の説明"
    with pytest.raises(offline.Broken):
        offline.check_disclosure(document, expected)


def test_a_disclosure_is_an_entry_that_names_what_was_given_away(town: Municipality, auditor: Person) -> None:
    an_entry(town)
    document = disclosed(town, auditor)
    with in_municipality(town):
        told = disclosure.disclosures().get()
    assert told.actor == f"person:{auditor.pk}"
    assert json.loads(told.body)["outputs"] == {
        "reference": "第12号",
        "entries": 1,
        "digest": offline.disclosure_digest(document["rows"]),
    }
    assert ledger.verify(town) == []


def test_nothing_or_too_much_is_refused(
    town: Municipality, auditor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused):
        disclosed(town, auditor)
    monkeypatch.setattr(disclosure, "MOST", 2)
    for _number in range(3):
        an_entry(town)
    with pytest.raises(Refused):
        disclosed(town, auditor)
    with in_municipality(town):
        assert not disclosure.disclosures().exists()
    assert len(disclosed(town, auditor, left_out=[0])["rows"]) == 2


def test_another_town_s_entries_are_not_given_away(town: Municipality, auditor: Person) -> None:
    an_entry(a_municipality("332020"))
    an_entry(town)
    assert len(disclosed(town, auditor)["rows"]) == 1
