"""OneRoster 1.1 and 1.2: who is in a class, and for which town."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.learning.engine.oneroster import Learner, read_roster

# 1.1 as the specification's CSV tables have it: users name their organisations and role.
V11 = {
    "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n",
    "orgs.csv": (
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
        "142123,active,2026-01-01T00:00:00Z,厚木市,district,,\n"
        "d-332020,active,2026-01-01T00:00:00Z,倉敷市,district,332020,\n"
        "div-1,active,2026-01-01T00:00:00Z,情報政策課,department,,d-332020\n"
    ),
    "classes.csv": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
        "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
        "c1,active,2026-01-01T00:00:00Z,AI研修,,k1,,scheduled,,142123,,,,\n"
    ),
    "users.csv": (
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
        "u1,active,2026-01-01T00:00:00Z,true,142123,student,hanako,,花子,厚木,,,hanako@atsugi.example,,,,,\n"
        'u2,active,2026-01-01T00:00:00Z,true,"x,div-1",student,taro@kurashiki.example,,太郎,倉敷,,,,,,,,\n'
        "u3,active,2026-01-01T00:00:00Z,true,142123,teacher,sensei,,先生,見本,,,sensei@atsugi.example,,,,,\n"
        "u4,tobedeleted,2026-01-01T00:00:00Z,true,142123,student,gone,,去,人,,,gone@atsugi.example,,,,,\n"
    ),
    "enrollments.csv": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
        "e1,active,2026-01-01T00:00:00Z,c1,142123,u1,student,,,\n"
        "e2,active,2026-01-01T00:00:00Z,c1,div-1,u2,student,,,\n"
        "e3,active,2026-01-01T00:00:00Z,c1,142123,u3,teacher,true,,\n"
        "e4,tobedeleted,2026-01-01T00:00:00Z,c1,142123,u4,student,,,\n"
    ),
}
# 1.2 moves roles to a file of their own and adds a primary organisation.
V12 = {
    **V11,
    "users.csv": (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"
        "email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,"
        "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns\n"
        "u1,,,true,hanako,,花子,厚木,,,hanako@atsugi.example,,,,,,,,,,,142123,\n"
        "u2,,,true,taro@kurashiki.example,,太郎,倉敷,,,,,,,,,,,,,,div-1,\n"
    ),
    "roles.csv": "sourcedId,userSourcedId,roleType,role,orgSourcedId\n",
    "enrollments.csv": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
        "e1,,,c1,school-9,u1,student,,,\n"
        "e2,,,c1,school-9,u2,student,,,\n"
    ),
}  # fmt: skip
HANAKO = Learner(2, "厚木 花子", "hanako@atsugi.example", "142123")
TARO = Learner(3, "倉敷 太郎", "taro@kurashiki.example", "332020")


def packed(files: dict[str, str], folder: str = "", encoding: str = "utf-8") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in files.items():
            package.writestr(folder + name, text.encode(encoding))
    return out.getvalue()


@pytest.mark.parametrize("files", [V11, V12], ids=["1.1", "1.2"])
def test_students_of_the_class_with_their_towns(files: dict[str, str]) -> None:
    found = read_roster(packed(files))
    assert found.problems == ()
    assert found.classes == {"c1": "AI研修"}
    assert found.learners == (HANAKO, TARO)


def test_a_folder_a_byte_order_mark_and_other_case_are_no_hindrance() -> None:
    files = {**V11, "users.csv": V11["users.csv"].replace("sourcedId", "SourcedID", 1)}
    assert read_roster(packed(files, "export/", "utf-8-sig"), "AI研修").learners == (HANAKO, TARO)


def test_of_several_classes_one_must_be_chosen() -> None:
    files = {**V11, "classes.csv": V11["classes.csv"] + "c2,active,,別の研修,,,,,,142123,,,,\n"}
    (problem,) = read_roster(packed(files)).problems
    assert (problem.code, problem.column) == ("which_class", "c1（AI研修）、c2（別の研修）")
    assert read_roster(packed(files), "c1").learners == (HANAKO, TARO)
    assert read_roster(packed(files), "別の研修").learners == ()
    assert read_roster(packed(files), "c3").problems[0].code == "which_class"


@pytest.mark.parametrize(
    ("name", "before", "after", "problem"),
    [
        ("users.csv", "hanako@atsugi.example", "", ("missing", 2, "users.csv: email", "")),
        ("users.csv", "花子,厚木", ",", ("missing", 2, "users.csv: familyName", "")),
        ("enrollments.csv", ",u1,", ",u9,", ("unknown", 2, "enrollments.csv: userSourcedId", "u9")),
        ("orgs.csv", "332020,\n", "332021,\n", ("no_town", 3, "enrollments.csv: schoolSourcedId", "div-1")),
        ("users.csv", "familyName", "surname", ("no_column", 1, "users.csv: familyName", "")),
    ],
)
def test_problems_name_file_row_and_column(
    name: str, before: str, after: str, problem: tuple[object, ...]
) -> None:
    files = {**V11, name: V11[name].replace(before, after, 1)}
    found = read_roster(packed(files))
    assert found.learners == ()
    assert [(one.code, one.row, one.column, one.value) for one in found.problems] == [problem]


def test_files_that_are_missing_are_named() -> None:
    files = {name: text for name, text in V11.items() if name not in ("orgs.csv", "users.csv")}
    (problem,) = read_roster(packed(files)).problems
    assert (problem.code, problem.column) == ("no_file", "users.csv、orgs.csv")


def test_organisations_in_a_circle_end() -> None:
    files = {**V11, "orgs.csv": V11["orgs.csv"].replace("332020,\n", ",div-1\n")}
    assert read_roster(packed(files)).problems[0].code == "no_town"


def test_what_cannot_be_read() -> None:
    for data in (b"", b"PK\x03\x04x", b"text"):
        assert read_roster(data).problems[0].code == "not_readable"
    assert read_roster(packed(V11, encoding="cp932")).problems[0].code == "not_readable"


@given(
    st.dictionaries(
        st.sampled_from(sorted(V11)), st.text(st.characters(codec="utf-8"), max_size=200), min_size=4
    )
)
def test_anything_in_the_files_is_told_and_never_raises(files: dict[str, str]) -> None:
    found = read_roster(packed(files))
    assert found.learners == ()


@given(st.binary(max_size=400))
def test_any_bytes_are_told(data: bytes) -> None:
    assert read_roster(data).problems
