"""Emergencies are noticed, ordinary questions are not, and every number has a source."""

import json
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.frontdesk.engine.urgent import EMBEDDER, of_kinds, shipped_ear, urgencies
from machi.language.embedding import UniversalSentenceEncoder

SENTENCES = json.loads(Path(__file__).with_name("urgent_sentences.json").read_text("utf-8"))
RINGING = [(kind, text) for kind, listed in SENTENCES["ring"].items() for text in listed]


@pytest.mark.parametrize(("kind", "text"), RINGING)
def test_an_emergency_rings_with_its_kind(kind: str, text: str) -> None:
    assert kind in [urgency.kind for urgency in urgencies(text)]


@pytest.mark.parametrize("text", SENTENCES["silent"])
def test_an_ordinary_question_does_not_ring(text: str) -> None:
    assert urgencies(text) == ()


def test_there_are_enough_sentences() -> None:
    assert len(RINGING) >= 80
    assert len(SENTENCES["silent"]) >= 80


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("火事です", "119"),
        ("死にたい", "0120-061-338"),
        ("夫に殴られました", "110"),
        ("子どもが虐待されているかもしれない", "189"),
        ("海で友達が流された", "118"),
        ("泥棒が入りました", "110"),
        ("救急車を呼んだほうがいいか迷っています", "119"),
        ("my house is on fire", "119"),
    ],
)
def test_the_right_number_comes_first(text: str, first: str) -> None:
    assert urgencies(text)[0].phones[0].number == first


def test_every_phone_is_labelled_in_three_languages_and_sourced() -> None:
    data = json.loads(files("machi.frontdesk.engine").joinpath("data/urgent.json").read_text("utf-8"))
    for phone in data["phones"].values():
        assert re.fullmatch(r"#?\d[\d-]+", phone["number"])
        assert set(phone["label"]) == {"ja", "easy", "en"}
        assert phone["source"]["url"].startswith("http")
    for kind in data["kinds"]:
        assert kind["phones"]
        assert set(kind["message"]) == {"ja", "easy", "en"}


@given(st.text(max_size=500))
def test_any_text_can_be_heard(text: str) -> None:
    assert urgencies(text) == urgencies(text)


def test_the_ear_hears_what_no_pattern_foresaw() -> None:
    embedder = UniversalSentenceEncoder()
    assert embedder.name == EMBEDDER
    for text in ("マンションの廊下に血を流した人がいる", "夜から子どものせきが止まらず苦しそう"):
        assert urgencies(text) == ()
        heard = urgencies(text, embedder.embed_queries([text])[0])
        assert "119" in [phone.number for urgency in heard for phone in urgency.phones]
    for text in ("図書館の休館日はいつですか", "粗大ごみの出し方は？", "こんにちは"):
        assert urgencies(text, embedder.embed_queries([text])[0]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "ソファを捨てたい",
        "スプレー缶の捨て方",
        "how do I throw away a sofa",
        "how to dispose of a sofa",
        "カラスにごみを荒らされる",
        "妊娠しました",
        "道路に穴があいている",
        "隣の家の木の枝がはみ出している",
    ],
)
def test_an_everyday_matter_is_no_emergency_to_the_ear_either(text: str) -> None:
    vector = UniversalSentenceEncoder().embed_queries([text])[0]
    assert urgencies(text, vector) == ()


def test_patterns_have_the_first_word_and_the_ear_only_the_second() -> None:
    silent, loud = np.zeros(512, np.float32), shipped_ear().weights * 1e6
    assert [urgency.kind for urgency in urgencies("火事です", silent)] == ["fire"]
    assert [urgency.kind for urgency in urgencies("火事です", loud)] == ["fire"]
    assert "danger" in [urgency.kind for urgency in urgencies("図書館", loud)]


def test_an_ear_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    ear = shipped_ear()
    ear.save(tmp_path / "ear.npz")
    data = np.load(tmp_path / "ear.npz")
    assert (data["weights"] == ear.weights).all()
    assert tuple(data["kinds"]) == ear.kinds


def test_kinds_noticed_earlier_are_told_again() -> None:
    assert [urgency.kind for urgency in of_kinds(["crime", "no longer known", "fire"])] == ["crime", "fire"]
