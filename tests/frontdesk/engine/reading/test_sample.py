"""The documents that ship with machi, and all the real data where it is at hand."""

import os
from datetime import date
from pathlib import Path

import pytest

import machi.frontdesk
from machi.frontdesk.engine.reading import ReadDocument, dated_passages, files_in, read

SAMPLE = Path(machi.frontdesk.__file__).parent / "sample" / "data"
ROOT = Path(__file__).parents[4]
DATA = Path(os.environ.get("MACHI_DATA", ROOT.parent / "shared" / "data"))


def documents(folder: Path, pattern: str = "") -> list[ReadDocument]:
    found: list[ReadDocument] = []
    for name, path in files_in(folder):
        if pattern in name:
            result = read(name, path.read_bytes())
            assert all(problem.severity != "error" for problem in result.problems), result.problems
            found += result.documents
    return found


def passages_with(
    found: list[ReadDocument], *words: str
) -> list[tuple[str, tuple[str, ...], str, date | None]]:
    return [
        (document.title, passage.headings, passage.text, until)
        for document in found
        for passage, until in dated_passages(document)[1]
        if all(word in " ".join((document.title, *passage.headings, passage.text)) for word in words)
    ]


def test_the_shipped_files_are_attributed() -> None:
    text = (SAMPLE.parent / "ATTRIBUTION.md").read_text("utf-8")
    folders = sorted(path.name for path in SAMPLE.iterdir())
    assert folders == ["142123", "222127", "332020"]
    assert all(f"`{folder}/`" in text for folder in folders)
    assert "third party" in text
    assert text.count("CC BY 4.0") >= 2


def test_open_data_answers_the_closing_day_of_a_facility() -> None:
    [found] = passages_with(documents(SAMPLE / "222127", "公共施設"), "港地域交流センター")
    title, headings, text, until = found
    assert (title, headings, until) == ("公共施設一覧", ("港地域交流センター",), None)
    assert "利用可能日時特記事項: 【開館時間】9:00～21:30 【休館日】月曜日" in text


def test_open_data_answers_where_the_aeds_of_a_building_are() -> None:
    [found] = passages_with(documents(SAMPLE / "222127", "aed"), "AED", "市役所本館")
    assert found[1] == ("市役所本館",)
    assert [line for line in found[2].split("\n") if line.startswith("設置位置")] == [
        "設置位置: ２階正面入口",
        "設置位置: ４階管財課",
    ]


def test_disaster_waste_sites_are_not_offered_after_they_closed() -> None:
    [document] = documents(SAMPLE / "222127", "災害ごみ")
    assert document.valid_until == date(2025, 9, 19)


def test_cp932_open_data_is_read_without_damage() -> None:
    [document] = documents(SAMPLE / "222127", "要配慮者")
    assert sum(block.kind == "table_row" for block in document.blocks) == 277
    assert not any("\ufffd" in block.text for block in document.blocks)


def test_a_bulletin_keeps_events_and_standing_services_apart() -> None:
    found = documents(SAMPLE / "332020", "2025年5月号")
    assert {document.date for document in found} == {date(2025, 5, 1)}
    [opening] = passages_with(found, "楽しいよ!児童館", "開館時間：9時?17時15分")
    assert opening[3] is None
    [workshop] = passages_with(found, "グッド・トイで遊ぼう…5月11日(日)")
    assert workshop[1][-1].startswith("◇水島児童館")
    assert workshop[3] == date(2025, 5, 11)


def test_every_article_of_the_bulletins_is_read_to_the_letter() -> None:
    found = documents(SAMPLE / "332020")
    assert len(found) == 984
    assert all(document.date and document.category and document.title for document in found)
    for document in found[::25]:
        text, cut = dated_passages(document)
        assert all(text[passage.start : passage.end] == passage.text for passage, _ in cut)


@pytest.mark.skipif(not (DATA / "gomi5374").exists(), reason="the gomi5374 data (MACHI_DATA) is not here")
def test_real_garbage_dictionaries_are_read() -> None:
    for town in ("kameoka", "chigasaki", "kyotango"):
        result = read("target.csv", (DATA / "gomi5374" / town / "target.csv").read_bytes())
        assert [problem.code for problem in result.problems if problem.severity == "error"] == []
        [document] = result.documents
        assert len(document.blocks) > 300
        assert document.blocks[0].kind == "heading"


@pytest.mark.skipif(not (DATA / "shelters").exists(), reason="the shelters data (MACHI_DATA) is not here")
def test_real_shelters_are_read_by_their_names() -> None:
    result = read("nanao.csv", (DATA / "shelters" / "nanao_reference_capacity.csv").read_bytes())
    [found] = passages_with(list(result.documents), "御祓地区コミュニティセンター")
    assert "災害種別: 洪水、崖崩れ、土石流及び地滑り、高潮、地震、津波、内水氾濫" in found[2]
