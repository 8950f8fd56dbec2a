from __future__ import annotations

import pytest

from machi.casework.domain.shipped import shipped
from machi.casework.engine.procedures import Roles
from machi.casework.engine.types import FieldDefinition
from machi.casework.engine.web_form import asked


@pytest.mark.parametrize(
    ("key", "first"),
    [
        (
            "child-allowance-change",
            "filed_on certificate_number applicant_name applicant_kana applicant_birth applicant_postal_code"
            " applicant_address applicant_telephone change",
        ),
        (
            "park-event-permit",
            "filed_on organisation applicant_name applicant_kana applicant_postal_code applicant_address"
            " applicant_telephone applicant_email event_name",
        ),
    ],
)
def test_applicant_is_asked_in_the_order_people_know(key: str, first: str) -> None:
    procedure = shipped()[key]
    keys = [one.key for one in asked(procedure.forms[0].fields, procedure.about.roles)]
    assert keys[: len(first.split())] == first.split()


def test_what_is_for_paper_is_not_asked_and_sections_stay_together() -> None:
    fields = [
        FieldDefinition("kana", "フリガナ", "kana", section="a"),
        FieldDefinition("number", "個人番号", "my_number", section="a"),
        FieldDefinition("dog", "犬", section="b"),
        FieldDefinition("name", "氏名", "person", section="a"),
        FieldDefinition("phone", "電話", "telephone", section="b"),
        FieldDefinition("seal", "印", "seal", section="b"),
    ]
    found = asked(fields, Roles(applicant="name", address="", kana="kana", telephone="phone"))
    assert [one.key for one in found] == ["name", "dog", "kana", "phone"]
