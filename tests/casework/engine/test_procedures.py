"""The shipped procedures hold together, their forms lie where they say, and their letters say what the law wants."""

import io
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from machi.base.engine.letters import Bullets, to_pdf, to_word
from machi.casework.engine.checking import Context, check
from machi.casework.engine.described import DescriptionError, described, described_json, plain_json
from machi.casework.engine.form_drawing import Layout, definition
from machi.casework.engine.letters import Facts, LetterError, letter, remedies
from machi.casework.engine.procedures import (
    LETTERS,
    LetterKind,
    Procedure,
    blank_pdf,
    load,
    may_go_straight,
    wanted,
)
from machi.casework.engine.types import Box, FormDefinition
from machi.casework.engine.values import plain

FOLDER = Path(str(files("machi.casework"))) / "data/procedures"
KEYS = ("child-allowance-change", "park-event-permit", "residence-certificate-by-post")
DAY = date(2026, 11, 30)


@cache
def procedure(key: str) -> Procedure:
    return load(FOLDER / key)


def test_three_procedures_are_shipped():
    assert tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir())) == KEYS


def test_forms_and_definitions_are_drawn_from_their_descriptions():
    done = subprocess.run([sys.executable, "bin/draw-forms", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("key", KEYS)
def test_every_box_lies_exactly_where_it_is_printed(key: str):
    """Looked for in the drawn page: the four edges of every box are dark, its inside is empty."""
    form = procedure(key).forms[0]
    document = pypdfium2.PdfDocument(blank_pdf(procedure(key), form.key))
    assert len(document) == form.pages
    grey = np.asarray(document[0].render(scale=4).to_pil().convert("L"))
    document.close()
    boxes = [o.place for f in form.fields for o in f.options] + [
        f.place for f in form.fields if not f.options
    ]
    for place in boxes:
        assert place is not None
        left, top, right, bottom = pixels(place.box, grey.shape)
        for edge in (
            grey[top, left:right],
            grey[bottom, left:right],
            grey[top:bottom, left],
            grey[top:bottom, right],
        ):
            assert edge.mean() < 190, (key, place)
        assert grey[top + 4 : bottom - 3, left + 4 : right - 3].min() > 250, (key, place)


def pixels(box: Box, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    high, wide = shape
    return (round(box.left * wide), round(box.top * high), round(box.right * wide), round(box.bottom * high))


@pytest.mark.parametrize("key", KEYS)
def test_boxes_do_not_lie_on_each_other(key: str):
    form = procedure(key).forms[0]
    boxes = [f.place.box for f in form.fields if f.place]
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            across = min(one.right, other.right) - max(one.left, other.left)
            down = min(one.bottom, other.bottom) - max(one.top, other.top)
            assert across < 1e-9 or down < 1e-9


@pytest.mark.parametrize("key", KEYS)
def test_definitions_go_through_json(key: str):
    form = procedure(key).forms[0]
    again: FormDefinition = described_json(FormDefinition, json.dumps(plain_json(form)))
    assert again == form
    labels = [one.label for one in form.fields]
    assert len(set(labels)) == len(labels)


def test_a_misspelt_key_is_named():
    raw = plain_json(procedure(KEYS[0]).forms[0])
    raw["fields"][3]["labl"] = "x"
    with pytest.raises(DescriptionError, match=r"f.json: fields.3 \(applicant_birth\).labl: no such key"):
        described(FormDefinition, raw, "f.json")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("rules.json", '"children_after"', '"children_aftr"', "no form has a field children_aftr"),
        ("rules.json", '"custody-statement"', '"custody"', "no document custody"),
        ("rules.json", '"other": "birth"', '"other": "born"', "identity has no born"),
        ("rules.json", '"custody-ended"', '"custody-end"', "reason has no option ['custody-end']"),
        ("procedure.json", '"approvers": 2', '"approvers": 3', "approvers"),
        (
            "procedure.json",
            '"applicant": "applicant_name"',
            '"applicant": "name"',
            "no form has a field name",
        ),
        ("letters.json", '"{reasons}"', '"{reason}"', "not to be filled in a line: ['reason']"),
        ("letters.json", '"{reasons}",', "", "a refusal gives its {reasons} and the {appeal}"),
        ("letters.json", '"receipt"', '"reciept"', "letters.json"),
    ],
)
def test_what_does_not_fit_together_is_named(tmp_path: Path, file: str, old: str, new: str, told: str):
    folder = tmp_path / KEYS[0]
    shutil.copytree(FOLDER / KEYS[0], folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DescriptionError) as caught:
        load(folder)
    assert told in str(caught.value)


def test_a_form_that_does_not_fit_the_paper_is_refused():
    layout: Layout = described_json(Layout, (FOLDER / KEYS[0] / "forms/layout.json").read_bytes())
    wide: Layout = described(Layout, {**plain_json(layout), "blocks": [{"rows": [{"height": 9, "cells": [
        {"label": "a", "width": 100, "field": "a"}, {"label": "b", "width": 100, "field": "b"}]}]}]})  # fmt: skip
    with pytest.raises(ValueError, match=r"20\.0 mm too wide"):
        definition(wide)
    long: Layout = described(Layout, {**plain_json(layout), "blocks": [{"text": "x", "text_height": 300}]})
    with pytest.raises(ValueError, match="too long"):
        definition(long)


# From values to results

RAW = {
    "child-allowance-change": {
        "filed_on": "令和8年11月28日", "applicant_kana": "ﾔﾏﾀﾞ ﾊﾅｺ", "applicant_name": "山田　花子",
        "applicant_birth": "平成4年5月6日", "applicant_my_number": "1234 5678 9018",
        "applicant_postal_code": "243-8511", "applicant_telephone": "046-223-1511",
        "applicant_address": "神奈川県厚木市中町３－１７－１７",
        "change": "increase", "event_date": "R8.11.20", "reason": "birth", "children_before": "1",
        "children_changed": "１人", "children_after": "二人", "child1_name": "山田　空",
        "child1_birth": "令和8年11月20日", "child1_relation": "子", "child1_living": "together",
        "child1_custody": "yes", "consent": "☑", "signature": "1",
    },
    "park-event-permit": {
        "filed_on": "令和8年11月28日", "applicant_kana": "ヤマダハナコ", "applicant_name": "山田花子",
        "applicant_telephone": "046-223-1511", "applicant_address": "厚木市中町3-17-17", "event_name": "冬のまつり",
        "park_name": "中央公園", "area": "500㎡", "activity": "meeting", "starts_on": "R8.12.20", "ends_on": "R8.12.21",
        "people": "300人", "fire": "no", "sound": "yes", "vehicles": "no", "sales": "no", "safety_name": "佐藤 一",
        "safety_telephone": "090-1234-5678", "restore": "☑", "signature": "1",
    },
    "residence-certificate-by-post": {
        "filed_on": "令和8年11月28日", "requester_kana": "ヤマダハナコ", "requester_name": "山田　花子",
        "requester_birth": "平成4年5月6日", "requester_postal_code": "2438511", "requester_telephone": "0462231511",
        "requester_address": "厚木市中町3-17-17", "relation": "self", "subject_name": "山田花子",
        "subject_birth": "H4.5.6", "subject_address": "厚木市中町3-17-17", "certificate": "all", "copies": "2通",
        "items": "relation", "purpose": "免許の更新", "fee": "600円", "envelope": "レ", "signature": "1",
    },
}  # fmt: skip
DOCUMENTS = {
    "child-allowance-change": {
        "identity": {"name": "山田 花子", "birth": "1992-05-06", "address": "厚木市中町3丁目17番17号"}
    },
    "park-event-permit": {
        "site-plan": {},
        "plan": {"event": "冬のまつり", "date": "2026-12-20", "people": "300"},
    },
    "residence-certificate-by-post": {
        "identity": {"name": "山田花子", "birth": "1992-05-06", "address": "厚木市中町3-17-17"}
    },
}


def checked(key: str, **changed: str) -> dict[str, str]:
    """By rule, what was not passed."""
    found = procedure(key)
    read = {one.key: plain(one.kind, {**RAW[key], **changed}.get(one.key, "")) for one in found.fields}
    values = {name: one.value for name, one in read.items()}
    doubts = {name: one.doubts for name, one in read.items() if one.doubts}
    context = Context(DAY, DAY, documents=DOCUMENTS[key], doubts=doubts)
    results = check(found.rules, values, context)
    return {one.rule: one.reason for one in results if one.outcome != "passed"}


@pytest.mark.parametrize("key", KEYS)
def test_a_good_application_passes_every_rule_that_can_tell(key: str):
    assert checked(key) == ({"eligible": "no-service"} if key == "child-allowance-change" else {})


@pytest.mark.parametrize(
    ("key", "changed", "failed"),
    [
        (KEYS[0], {"applicant_my_number": "123456789012"}, {"sound": "doubtful"}),
        (KEYS[0], {"children_after": "3"}, {"increase-adds-up": "does-not-add-up"}),
        (KEYS[0], {"event_date": "R8.11.1", "child1_birth": "R8.11.1"}, {"in-time": "late"}),
        (KEYS[0], {"child1_living": "apart"}, {"apart-papers": "missing", "consent-or-record": "missing",
                                              "child-name-on-record": "no-document"}),
        (KEYS[0], {"reason": "death"}, {"reason-of-increase": "not-allowed"}),
        (KEYS[1], {"starts_on": "R8.12.10"}, {"in-time": "too-soon", "day-on-plan": "differs"}),
        (KEYS[1], {"fire": "yes"}, {"fire-plan": "missing"}),
        (KEYS[1], {"people": "３千人"}, {"people-on-plan": "differs"}),
        (KEYS[1], {"restore": "□"}, {"restore": "missing"}),
        (KEYS[2], {"fee": "300円"}, {"fee-enough": "not-enough"}),
        (KEYS[2], {"subject_name": "山田太郎"}, {"self-is-subject": "differs"}),
        (KEYS[2], {"relation": "other"}, {"who-may-ask": "not-allowed"}),
        (KEYS[2], {"relation": "agent"}, {"proxy-attached": "missing", "proxy-names-agent": "no-document",
                                         "proxy-names-principal": "no-document"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_and_nothing_else(key: str, changed: dict[str, str], failed: dict[str, str]):
    assert checked(key, **changed) == {**checked(key), **failed}


def test_only_the_harmless_may_go_straight_and_only_where_the_procedure_says_so():
    straight = procedure("residence-certificate-by-post")
    assert may_go_straight(straight, {"relation": "self", "items": ""})
    assert may_go_straight(straight, {"relation": "self", "items": "relation,domicile"})
    assert not may_go_straight(straight, {"relation": "self", "items": "relation,my-number"})
    assert not may_go_straight(straight, {"relation": "household", "items": ""})
    assert not any(may_go_straight(procedure(key), RAW[key]) for key in KEYS[:2])


def test_a_straight_way_that_one_harmless_tick_would_open_is_an_error(tmp_path: Path):
    folder = tmp_path / KEYS[2]
    shutil.copytree(FOLDER / KEYS[2], folder)
    text = (folder / "procedure.json").read_text(encoding="utf-8")
    (folder / "procedure.json").write_text(text.replace('"every": true', '"every": false'), encoding="utf-8")
    with pytest.raises(DescriptionError, match="needs every"):
        load(folder)


def test_papers_wanted_depend_on_what_is_asked():
    assert [one.key for one in wanted(procedure(KEYS[1]), {"fire": "yes"})] == [
        "site-plan",
        "plan",
        "fire-plan",
    ]
    assert [one.key for one in wanted(procedure(KEYS[1]), {"fire": "no"})] == ["site-plan", "plan"]


# Letters

FACTS = Facts(
    applicant="山田　花子", reference="R8-0012", received=date(2026, 11, 28), on=DAY, town="厚木市",
    mayor="厚木市長　佐藤 一", prefecture="神奈川県", office="こども課", contact="電話 046-223-1511",
    due=date(2026, 12, 28), decided=DAY, decision="月額15,000円", items=["個人番号を確かめてください。"],
    reasons=["児童が対象の年齢を超えています。"],
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", LETTERS)
def test_letters_are_filled_and_set(key: str, kind: LetterKind):
    made = letter(procedure(key), kind, FACTS)
    text = json.dumps(plain_json(made), ensure_ascii=False)
    assert "{" not in "".join(block for block in made.body if isinstance(block, str)) + made.subject
    assert "R8-0012" in text
    document = pypdfium2.PdfDocument(to_pdf([made]))
    shown = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "山田" in shown
    assert to_word([made])


@pytest.mark.parametrize(
    ("key", "to"), [(KEYS[0], "神奈川県知事"), (KEYS[1], "厚木市長"), (KEYS[2], "厚木市長")]
)
def test_a_refusal_gives_its_reasons_and_the_remedies(key: str, to: str):
    made = letter(procedure(key), "refusal", FACTS)
    assert Bullets(["児童が対象の年齢を超えています。"]) in made.body
    text = "".join(block for block in made.body if isinstance(block, str))
    assert f"3か月以内に、{to}に対して審査請求" in text
    assert "6か月以内に、厚木市を被告として" in text


@pytest.mark.parametrize(
    ("kind", "without", "missing"),
    [
        ("refusal", {"reasons": [" "]}, "reasons"),
        ("amendment", {"items": []}, "items"),
        ("receipt", {"due": None}, "due"),
    ],
)
def test_no_letter_without_what_it_must_say(kind: LetterKind, without: dict[str, object], missing: str):
    with pytest.raises(LetterError) as caught:
        letter(procedure(KEYS[0]), kind, replace(FACTS, **without))
    assert caught.value.missing == missing


def test_the_governor_needs_a_prefecture():
    with pytest.raises(ValueError):
        remedies("prefecture", "厚木市")


def test_blank_forms_are_byte_equal():
    assert blank_pdf(procedure(KEYS[0]), KEYS[0]) == blank_pdf(procedure(KEYS[0]), KEYS[0])
    assert io.BytesIO(blank_pdf(procedure(KEYS[0]), KEYS[0])).read(5) == b"%PDF-"


def test_a_letter_says_what_stands_in_the_fields_and_leaves_out_what_is_empty():
    facts = replace(FACTS, fields={"park_name": "中央公園", "starts_on": "令和8年12月20日"})
    said = dict(letter(procedure("park-event-permit"), "approval", facts).particulars)
    assert (said["公園"], said["始まる日"]) == ("中央公園", "令和8年12月20日")
    assert "終わる日" not in said


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("公園は {field:parc} です", "no form has a field parc"),
        ("公園は {field} です", r"no form has a field \?"),
        ("{title.__class__}", r"not to be filled in a line: \['title.__class__'\]"),
        ("{title!r}", r"not to be filled in a line: \['title'\]"),
        ("{0}", r"not to be filled in a line: \['0'\]"),
        ("{title", "letters.json: receipt"),
    ],
)
def test_what_a_letter_cannot_be_filled_with_is_an_error(tmp_path: Path, line: str, error: str):
    folder = tmp_path / KEYS[1]
    shutil.copytree(FOLDER / KEYS[1], folder)
    letters = json.loads((folder / "letters.json").read_text(encoding="utf-8"))
    letters["receipt"]["body"].append(line)
    (folder / "letters.json").write_text(json.dumps(letters), encoding="utf-8")
    with pytest.raises(DescriptionError, match=error):
        load(folder)
