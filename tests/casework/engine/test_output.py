"""Files for existing systems: exact bytes, nothing half, every problem with its row and column, and the way back."""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.casework.domain import output_words
from machi.casework.domain.output_words import problem_words
from machi.casework.engine.described import DescriptionError
from machi.casework.engine.importing import read
from machi.casework.engine.output import ERRORS, OTHERS, WARNINGS, Mapping, Problem, read_mapping, write
from machi.casework.engine.procedures import load

DATA = Path(str(files("machi.casework"))) / "data"
SHIPPED = sorted(path.name.removesuffix(".json") for path in (DATA / "outputs").glob("*.json"))


def shipped(key: str) -> Mapping:
    return read_mapping((DATA / f"outputs/{key}.json").read_bytes(), key)


def mapping(**changed: object) -> Mapping:
    columns = [
        {"title": "番号", "field": "n", "format": "number", "width": 4, "align": "right", "padding": "zero"},
        {
            "title": "氏名",
            "field": "name",
            "format": "wide",
            "width": 12,
            "padding": "wide-space",
            "required": True,
        },
        {"title": "生年月日", "field": "birth", "format": "date-era-7", "width": 7},
        {"title": "区分", "field": "kind", "codes": {"a": "1", "b": "2"}, "width": 1},
    ]
    return read_mapping(json.dumps({"key": "k", "title": "t", "columns": columns, **changed}))


ROW = {"n": "12", "name": "山田 花", "birth": "1992-05-06", "kind": "b"}


def test_fixed_width_counts_bytes():
    written = write(mapping(file="fixed", encoding="cp932"), [ROW])
    assert written.data == b"0012" + "山田　花　　".encode("cp932") + b"4040506" + b"2" + b"\r\n"
    assert (written.report.rows, written.report.errors, written.report.warnings) == (1, (), ())


def test_csv_has_a_mark_of_utf8_or_none():
    assert (
        write(mapping(), [ROW]).data.decode("utf-8-sig")
        == "番号,氏名,生年月日,区分\r\n12,山田　花,4040506,2\r\n"
    )
    assert write(mapping(), [ROW]).data.startswith(b"\xef\xbb\xbf")
    assert write(
        mapping(encoding="cp932", newline="lf", header=False), [ROW]
    ).data == "12,山田　花,4040506,2\n".encode("cp932")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": "𠮷田"}, Problem("not-encodable", 2, "氏名", "𠮷 U+20BB7")),
        ({"name": ""}, Problem("empty-required", 2, "氏名")),
        ({"name": "長い長い長い名"}, Problem("too-long", 2, "氏名", "14>12")),
        ({"birth": "昨日"}, Problem("not-of-format", 2, "生年月日", "date-era-7")),
        ({"kind": "c"}, Problem("not-a-code", 2, "区分", "c")),
        ({"n": "-1"}, Problem("not-of-format", 2, "番号", "number")),
    ],
)
def test_a_wrong_value_is_named_and_no_half_file_made(changed: dict[str, str], problem: Problem):
    written = write(mapping(file="fixed", encoding="cp932"), [ROW, {**ROW, **changed}])
    assert written.data == b""
    assert written.report.errors == (problem,)


def test_twins_and_substitutes_are_put_in_with_a_warning():
    written = write(
        mapping(file="fixed", encoding="cp932", substitutes={"𠮷": "吉"}), [{**ROW, "name": "𠮷〜"}]
    )
    assert "吉～".encode("cp932") in written.data
    assert [problem.value for problem in written.report.warnings] == ["𠮷→吉", "〜→～"]


def test_what_a_spreadsheet_would_run_is_warned_of():
    one = read_mapping('{"key": "k", "title": "t", "columns": [{"title": "a", "field": "a"}]}')
    assert [p.key for p in write(one, [{"a": "=1+1"}]).report.warnings] == ["formula"]


def test_too_long_may_be_cut_between_characters():
    one = read_mapping(
        '{"key": "k", "title": "t", "file": "fixed", "encoding": "cp932",'
        ' "columns": [{"title": "a", "field": "a", "width": 5, "cut": true}]}'
    )
    written = write(one, [{"a": "山田花"}])
    assert written.data == "山田".encode("cp932") + b" \r\n"
    assert written.report.warnings == (Problem("cut", 1, "a", "6>5"),)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"0012", Problem("wrong-length", 1, value="4≠24")),
        ("0012山田　花　　4040506".encode("cp932") + b"3\r\n", Problem("not-a-code", 1, "区分", "3")),
        (
            "0012山田　花　　4049906".encode("cp932") + b"2\r\n",
            Problem("not-of-format", 1, "生年月日", "date-era-7"),
        ),
        (b"0012" + b"\x81" * 11 + b" 40405062\r\n", Problem("not-readable", 1, "氏名")),
    ],
)
def test_a_wrong_file_is_named_by_row(data: bytes, problem: Problem):
    imported = read(mapping(file="fixed", encoding="cp932"), data)
    assert imported.rows == ()
    assert problem in imported.report.errors


def test_csv_columns_may_stand_in_any_order_and_more_of_them():
    text = "区分,備考,氏名,生年月日,番号\n1,x,山田　花,5081130,3\n"
    imported = read(mapping(), text.encode("cp932"))
    assert imported.rows == ({"n": "3", "name": "山田　花", "birth": "2026-11-30", "kind": "a"},)
    assert imported.report.warnings == (Problem("unknown-column", column="備考"),)
    assert read(mapping(), "氏名\nx\n".encode()).report.errors == tuple(
        Problem("wrong-columns", column=title) for title in ("番号", "生年月日", "区分")
    )
    assert [p.key for p in read(mapping(), b"").report.errors] == ["wrong-columns"]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ({"title": "a"}, "either a field or a constant"),
        ({"title": "a", "field": "a"}, "a column of fixed width has one"),
        ({"title": "a", "field": "a", "width": 3, "padding": "wide-space"}, "wide blanks"),
        ({"title": "a", "field": "a", "width": 3, "padding": "zero"}, "only numbers"),
        ({"title": "a", "field": "a", "width": 3, "codes": {"x": "1", "y": "1"}}, "one code for two values"),
        ({"title": "a", "field": "a", "width": 3, "format": "dates"}, "columns.0"),
        ({"title": "a", "field": "a", "wide": 3}, "wide: no such key"),
    ],
)
def test_a_wrong_mapping_is_named(column: dict[str, object], told: str):
    with pytest.raises(DescriptionError) as caught:
        read_mapping(
            json.dumps({"key": "k", "title": "t", "file": "fixed", "encoding": "cp932", "columns": [column]})
        )
    assert told in str(caught.value)


@pytest.mark.parametrize("key", SHIPPED)
def test_shipped_mappings_speak_of_fields_that_their_procedure_has(key: str):
    procedure = load(DATA / "procedures" / key.partition(".")[0])
    names = {one.key for one in procedure.fields} | set(OTHERS)
    assert {column.field for column in shipped(key).columns if column.field} <= names
    options = {one.key: {o.key for o in one.options} for one in procedure.fields if one.options}
    for column in shipped(key).columns:
        if column.codes and column.field in options:
            assert set(column.codes) == options[column.field]


@pytest.mark.parametrize("key", SHIPPED)
def test_shipped_mappings_write_and_read_back(key: str):
    record = {
        "@reference": "R8-12", "@received": "2026-11-30", "@decided": "2026-12-01", "@outcome": "approved",
        "applicant_name": "髙橋　花子", "applicant_kana": "タカハシ　ハナコ", "applicant_birth": "1992-05-06",
        "applicant_address": "厚木市中町3-17-17", "change": "increase", "event_date": "2026-11-20",
        "children_before": "1", "children_after": "2", "child1_name": "髙橋　空", "child1_birth": "2026-11-20",
        "requester_name": "髙橋　花子", "subject_name": "髙橋　花子", "certificate": "all", "copies": "2", "fee": "600",
        "park_name": "中央公園", "event_name": "まつり", "starts_on": "2026-12-20", "ends_on": "2026-12-21",
        "area": "500", "people": "300",
    }  # fmt: skip
    written = write(shipped(key), [record])
    assert written.report.errors == ()
    back = read(shipped(key), written.data)
    assert back.report.errors == ()
    (row,) = back.rows
    assert row == {name: record.get(name, "") for name in row}


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.integers(0, 9999).map(str),
            "name": st.text("山田花子髙一二ァアー", min_size=1, max_size=5),
            "birth": st.dates(date(1912, 7, 30), date(2080, 1, 1)).map(str),
            "kind": st.sampled_from(["a", "b", ""]),
        }
    ),
    min_size=1,
    max_size=5,
)


@given(
    ROWS, st.sampled_from(["utf-8-sig", "utf-8", "cp932"]), st.sampled_from(["csv", "fixed"]), st.booleans()
)
def test_what_is_written_is_read_back(rows: list[dict[str, str]], encoding: str, file: str, lf: bool):
    wide = {
        "title": "氏名",
        "field": "name",
        "format": "wide",
        "width": 30,
        "padding": "wide-space",
        "required": True,
    }
    base = mapping()
    columns = [json.loads(json.dumps(c)) for c in ({"title": x.title, "field": x.field, "format": x.format,
        "width": x.width, "align": x.align, "padding": x.padding, "codes": x.codes} for x in base.columns)]  # fmt: skip
    columns[1] = wide
    one = mapping(file=file, encoding=encoding, newline="lf" if lf else "crlf", columns=columns)
    written = write(one, rows)
    assert written.report.errors == ()
    assert list(read(one, written.data).rows) == rows


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["n", "name", "birth", "kind"]), st.text(max_size=8)), max_size=4
    )
)
def test_anything_is_written_or_refused_with_words(rows: list[dict[str, str]]):
    written = write(mapping(file="fixed", encoding="cp932"), rows)
    assert bool(written.data) == bool(rows and not written.report.errors)
    assert {p.key for p in written.report.errors} <= set(ERRORS)
    assert all(problem_words(p) for p in (*written.report.errors, *written.report.warnings))
    if written.data:
        assert {len(line) for line in written.data.split(b"\r\n")[:-1]} == {24}


@given(st.binary(max_size=200), st.sampled_from(["csv", "fixed"]), st.sampled_from(["utf-8-sig", "cp932"]))
def test_any_bytes_are_read_or_refused(data: bytes, file: str, encoding: str):
    imported = read(mapping(file=file, encoding=encoding), data)
    assert {p.key for p in imported.report.errors} <= set(ERRORS)
    assert not (imported.rows and imported.report.errors)


def test_every_problem_has_words():
    assert set(output_words._WORDS) == {*ERRORS, *WARNINGS}
    assert problem_words(Problem("not-encodable", 3, "氏名", "𠮷 U+20BB7")) == (
        "3行目「氏名」: この文字コードにない文字です: 𠮷 U+20BB7"
    )
