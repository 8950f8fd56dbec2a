"""One municipality's index: what it finds, what it never returns, what a reader sees of a writer."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.language.engine.types import IndexEntry
from machi.language.index import manifest, vectors
from machi.language.index.store import COMPACT_SHARE, IndexStatus, MunicipalityIndex
from tests.language.pairs import MATTERS, PairEmbedder, a_passage

ROOT = Path(__file__).resolve().parents[3]


def ids(index: MunicipalityIndex, query: str, k: int = 10, on: date | None = None) -> list[int]:
    return [hit.passage_id for hit in index.search(query, k, on)]


@pytest.fixture
def town(tmp_path: Path) -> MunicipalityIndex:
    index = MunicipalityIndex(tmp_path / "town", PairEmbedder())
    index.apply(map(a_passage, range(50)))
    return index


def test_index_before_anything_is_empty(tmp_path: Path) -> None:
    index = MunicipalityIndex(tmp_path / "none", PairEmbedder())
    assert index.search("粗大ごみ") == []
    assert index.status() == IndexStatus(revision=0, passages=0, embedded=0)
    assert index.embed_missing() == 0
    assert not (tmp_path / "none").exists()


def test_search_finds_by_words_before_embedding(town: MunicipalityIndex) -> None:
    hits = town.search("粗大ゴミの手数料はいくらですか")
    assert hits[0].passage_id == 10
    assert all(hit.cosine is None for hit in hits)
    assert town.status().pending == 50


def test_search_finds_by_meaning_after_embedding(town: MunicipalityIndex) -> None:
    told: list[tuple[int, int]] = []
    assert town.embed_missing(lambda done, total: told.append((done, total)), batch=20) == 50
    assert told == [(20, 50), (40, 50), (50, 50)]
    assert town.status() == IndexStatus(revision=4, passages=50, embedded=50)
    hits = town.search("粗大ごみの手数料")
    assert hits[0].passage_id == 10
    # 粗大 and ごみ are in five passages, 手数料 in ten; the rest of the ten best are there by meaning.
    assert len(hits) == 10
    assert all(hit.cosine is not None for hit in hits)


def test_search_scores_every_candidate_by_both_signals(town: MunicipalityIndex) -> None:
    town.embed_missing()
    embedder = town.embedder
    query = "図書館の休みの日"
    vector = embedder.embed_queries([query])[0]
    by_words = {hit.passage_id: hit.bm25 for hit in town.snapshot().search(query, None, k=50)}
    for hit in town.search(query, k=50):
        entry = a_passage(hit.passage_id)
        stored = vectors.embed(embedder, [(entry.title, entry.headings, entry.text)])[0]
        assert hit.cosine == pytest.approx(float(stored @ vector), abs=2e-3)
        assert hit.bm25 == by_words.get(hit.passage_id, 0.0)


def test_candidates_by_meaning_are_the_nearest_of_all(tmp_path: Path) -> None:
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    index.apply(map(a_passage, range(400)))
    index.embed_missing(batch=400)
    snapshot = index.snapshot()
    vector = index.embedder.embed_queries(["市民税に必要なもの"])[0]
    near = snapshot._near(vectors.coarse(vector, None), 100, None)
    rows = snapshot.living_rows()
    exact = np.round(rows.full.astype(np.float64) @ vector, 4)
    least = np.sort(exact)[-100]
    assert len(near) == 100
    # Rounding to 127ths moves each of the 48 products by less than 1/127 of one of its factors.
    assert exact[near].min() >= least - 0.02


def test_search_by_basis_compares_in_few_coordinates_and_ranks_in_full(tmp_path: Path) -> None:
    whole = PairEmbedder()
    rows = whole.embed_passages([a_passage(i).text for i in range(200)])
    narrow = PairEmbedder()
    narrow.basis = np.linalg.eigh(rows.T @ rows)[1][:, ::-1][:, :16].astype(np.float32)  # type: ignore[assignment]
    found = []
    for name, embedder in (("whole", whole), ("narrow", narrow)):
        index = MunicipalityIndex(tmp_path / name, embedder)
        index.apply(map(a_passage, range(200)))
        index.embed_missing(batch=200)
        assert index.snapshot().manifest.compared == (48 if name == "whole" else 16)
        found.append([(hit.passage_id, hit.bm25, hit.cosine) for hit in index.search("転入届の窓口")])
    assert found[0] == found[1]


def test_apply_again_changes_nothing(town: MunicipalityIndex) -> None:
    before = manifest.read_bytes(town.path)
    town.apply(map(a_passage, range(50)), remove=[999])
    assert manifest.read_bytes(town.path) == before


def test_apply_keeps_the_text_of_an_id_and_takes_its_dates(town: MunicipalityIndex) -> None:
    town.apply([replace(a_passage(3), text="別の文章", valid_until=date(2025, 3, 31))])
    assert town.entries([3]) == [replace(a_passage(3), valid_until=date(2025, 3, 31))]


def test_apply_with_an_id_on_both_sides_removes_it(town: MunicipalityIndex) -> None:
    town.apply([a_passage(7), a_passage(60)], remove=[7])
    assert town.entries([7, 60]) == [a_passage(60)]


def test_entries_come_back_as_they_were_given(town: MunicipalityIndex) -> None:
    odd = IndexEntry(
        100,
        "ﾀｲﾄﾙ㈱ \x00",
        ("見出し", ""),
        "髙島 葛\U000e0100城市\n\t1,000円😀",
        date(2024, 2, 29),
        date(2024, 2, 29),
    )
    town.apply([odd])
    assert town.entries([100, 12345, 4]) == [odd, a_passage(4)]


def test_removed_passage_is_found_neither_by_words_nor_by_meaning(town: MunicipalityIndex) -> None:
    town.embed_missing()
    assert ids(town, "粗大ごみの手数料")[0] == 10
    town.apply(remove=[10])
    assert 10 not in ids(town, "粗大ごみの手数料", k=50)
    assert town.status().passages == 49


def test_index_whose_embedded_passages_are_all_gone_is_searched_by_words(town: MunicipalityIndex) -> None:
    town.embed_missing()
    town.apply([a_passage(60)], remove=range(50))
    (hit,) = town.search("粗大ごみ")
    assert (hit.passage_id, hit.cosine) == (60, None)


@pytest.mark.parametrize(
    ("on", "offered"),
    [
        (date(2025, 3, 31), {1}),
        (date(2025, 4, 1), {1, 2}),
        (date(2025, 4, 30), {1, 2}),
        (date(2025, 5, 1), {1, 3}),
        (None, {1, 2, 3}),
    ],
)
def test_dates_of_validity_are_inclusive(tmp_path: Path, on: date | None, offered: set[int]) -> None:
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    event = IndexEntry(1, "花火大会", (), "花火大会を開きます。")
    index.apply(
        [
            event,
            replace(event, passage_id=2, valid_from=date(2025, 4, 1), valid_until=date(2025, 4, 30)),
            replace(event, passage_id=3, valid_from=date(2025, 5, 1)),
        ]
    )
    for embedded in (False, True):
        if embedded:
            index.embed_missing()
        assert set(ids(index, "花火大会", on=on)) == offered


def test_an_english_question_finds_japanese_words_before_anything_is_embedded(tmp_path: Path) -> None:
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    index.apply(
        [IndexEntry(1, "図書館", (), "図書館は9時に開きます。"), IndexEntry(2, "ごみ", (), "ごみの日です。")]
    )
    assert ids(index, "When does the library open?") == [1]


def test_expired_passages_push_no_valid_one_out(tmp_path: Path) -> None:
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    old = IndexEntry(0, "花火大会", (), "花火大会の花火大会", valid_until=date(2024, 12, 31))
    now = IndexEntry(0, "お知らせ", (), "川原で花火大会があるかもしれないという長い話を続けます。")
    index.apply([replace(old, passage_id=i) for i in range(900)])
    index.apply([replace(now, passage_id=i) for i in range(900, 905)])
    for embedded in (False, True):
        if embedded:
            index.embed_missing(batch=1000)
        assert ids(index, "花火大会", on=date(2025, 1, 1)) == [900, 901, 902, 903, 904]
        assert ids(index, "花火大会", on=date(2024, 12, 31)) == list(range(10))


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 30), max_size=6)), max_size=6),
    st.sampled_from(MATTERS),
)
def test_results_depend_on_the_passages_and_not_on_their_history(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, set[int]]], matter: str
) -> None:
    folder = tmp_path_factory.mktemp("history")
    index = MunicipalityIndex(folder / "grown", PairEmbedder())
    living: set[int] = set()
    for is_addition, chosen in steps:
        if is_addition:
            index.apply(map(a_passage, chosen))
            living |= chosen
        else:
            index.apply(remove=chosen)
            living -= chosen
        index.embed_missing(batch=7)
    fresh = MunicipalityIndex(folder / "fresh", PairEmbedder())
    fresh.apply(map(a_passage, living))
    fresh.embed_missing()
    assert index.status().passages == index.status().embedded == len(living)
    for query in (matter, f"{matter}の窓口はどこですか"):
        assert repr(index.search(query)) == repr(fresh.search(query))
        assert repr(index.search(query)) == repr(index.search(query))


def test_equal_passages_are_ordered_by_id_however_many(tmp_path: Path) -> None:
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    twin = a_passage(1)
    for start in (300, 0, 150):
        index.apply([replace(twin, passage_id=i) for i in range(start, start + 150)])
    assert ids(index, twin.title) == list(range(10))
    index.embed_missing(batch=450)
    assert ids(index, twin.title) == list(range(10))


@pytest.mark.parametrize(
    "query",
    ["", "  \n", "😀🎆", "\x00\x01\x1b", "？！。、", "()[]{}", "の は を", "\u200b\ufeff", "~~~---"],
)
def test_query_without_content_words_finds_nothing(town: MunicipalityIndex, query: str) -> None:
    town.embed_missing()
    assert town.search(query) == []


@pytest.mark.parametrize(
    "query",
    [
        "粗大ごみ" * 25_000,
        "粗大ごみ AND (title:*",
        '"粗大ごみ',
        "粗大ごみ'; DROP TABLE passages; --",
        "粗大ごみ\x00\x08",
        "粗大ごみ\ud800",
        "粗大ごみ\\ + - && || ! ( ) { } [ ] ^ ~ * ? : /",
        "粗\u200b大ごみ",
        "粗大ｺﾞﾐ",
        "粗大ごみ" + "ﷺ" * 10_000,
    ],
)
def test_query_of_any_shape_is_searched(town: MunicipalityIndex, query: str) -> None:
    assert sorted(ids(town, query)) == [0, 10, 20, 30, 40]
    town.embed_missing()
    assert len(town.search(query)) == 10


@settings(max_examples=60, deadline=None)
@given(query=st.text(st.characters(), max_size=200))
def test_no_query_is_an_error(town_of_the_session: MunicipalityIndex, query: str) -> None:
    assert len(town_of_the_session.search(query, k=3, on=date(2025, 1, 1))) <= 3


@pytest.fixture(scope="module")
def town_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> MunicipalityIndex:
    index = MunicipalityIndex(tmp_path_factory.mktemp("session"), PairEmbedder())
    index.apply(map(a_passage, range(30)))
    index.embed_missing()
    return index


def test_k_bounds_the_hits(town: MunicipalityIndex) -> None:
    town.embed_missing()
    assert len(town.search("手続き", k=50)) == 50
    assert len(town.search("手続き", k=1)) == 1
    assert town.search("手続き", k=0) == []


def test_reader_sees_what_another_writer_committed(town: MunicipalityIndex) -> None:
    reader = MunicipalityIndex(town.path, PairEmbedder())
    assert ids(reader, "動物園") == []
    town.apply([IndexEntry(77, "動物園", (), "動物園は開いています。")])
    assert ids(reader, "動物園") == [77]


def test_reader_keeps_its_state_while_writers_move_on(town: MunicipalityIndex) -> None:
    town.embed_missing()
    held = town.snapshot()
    vector = town.embedder.embed_queries(["図書館の窓口"])[0]
    before = held.search("図書館の窓口", vector)
    for start in range(0, 50, 10):
        town.apply(map(a_passage, range(start + 100, start + 110)), remove=range(start, start + 10))
        town.embed_missing()
    assert held.search("図書館の窓口", vector) == before
    assert {hit.passage_id for hit in before} <= set(range(50))
    assert {hit.passage_id for hit in town.search("図書館の窓口")} <= set(range(100, 150))


def test_unchanged_parts_stay_open_when_the_index_moves_on(town: MunicipalityIndex) -> None:
    before = town.snapshot()
    assert town.snapshot() is before
    town.embed_missing()
    after = town.snapshot()
    assert after is not before
    assert after._fulltext is before._fulltext
    assert after.passages is before.passages


def test_folder_holds_only_this_state_and_the_one_before(town: MunicipalityIndex) -> None:
    for passage_id in range(50, 56):
        town.apply([a_passage(passage_id)], remove=[passage_id - 50])
        town.embed_missing(batch=100)
    names = sorted(path.name.split("-")[0] for path in town.path.iterdir())
    assert names.count("fulltext") <= 2
    assert names.count("passages") <= 2
    assert len(names) <= 2 + 2 + 2 * 3 + 2


def test_vectors_of_many_removed_passages_are_dropped(town: MunicipalityIndex) -> None:
    town.embed_missing()
    town.apply(remove=range(10))
    assert town.snapshot().manifest.vector_rows == 50
    assert town.snapshot().dead_rows == 10 <= COMPACT_SHARE * 50
    expected = [hit for hit in town.search("図書館の窓口", k=50) if hit.passage_id != 10]
    town.apply(remove=range(10, 20))
    assert town.snapshot().manifest.vector_rows == 30
    assert town.status().pending == 0
    cosines = {hit.passage_id: hit.cosine for hit in expected}
    assert all(hit.cosine == cosines[hit.passage_id] for hit in town.search("図書館の窓口", k=50))


def test_other_embedder_searches_by_words_until_it_has_embedded(town: MunicipalityIndex) -> None:
    town.embed_missing()
    other = MunicipalityIndex(town.path, PairEmbedder("other"))
    assert other.status().pending == 50
    assert all(hit.cosine is None for hit in other.search("図書館の窓口"))
    assert other.embed_missing(batch=30) == 50
    assert all(hit.cosine is not None for hit in other.search("図書館の窓口"))
    assert all(hit.cosine is None for hit in town.search("図書館の窓口"))


def test_index_of_another_analysis_is_tokenised_again_by_the_next_writer(town: MunicipalityIndex) -> None:
    before = town.search("粗大ごみの手数料")
    state = town.snapshot().manifest
    manifest.write(town.path, replace(state, analyzer="older"))
    town.apply()
    assert town.snapshot().manifest.analyzer == state.analyzer
    assert town.snapshot().manifest.fulltext != state.fulltext
    assert town.search("粗大ごみの手数料") == before


def test_index_of_a_later_format_is_refused(town: MunicipalityIndex) -> None:
    manifest.write(town.path, replace(town.snapshot().manifest, format=manifest.FORMAT + 1))
    with pytest.raises(ValueError, match=f"format {manifest.FORMAT + 1}"):
        town.search("粗大ごみ")


def test_index_of_an_earlier_format_is_built_anew(town: MunicipalityIndex) -> None:
    town.embed_missing()
    manifest.write(town.path, replace(town.snapshot().manifest, format=manifest.FORMAT - 1))
    assert town.search("粗大ごみ") == []
    town.apply(map(a_passage, range(3)))
    town.embed_missing()
    assert sorted(ids(town, "粗大ごみ")) == [0, 1, 2]
    assert town.status() == IndexStatus(revision=2, passages=3, embedded=3)


WRITER = """
from pathlib import Path
import sys
from machi.language.index.store import MunicipalityIndex
from tests.language.pairs import PairEmbedder, a_passage
index = MunicipalityIndex(Path(sys.argv[1]), PairEmbedder())
for number in range(int(sys.argv[2]), 12, 3):
    index.apply([a_passage(number)])
    index.embed_missing(batch=2)
"""


def test_writers_in_several_processes_take_turns(tmp_path: Path) -> None:
    commands = [[sys.executable, "-c", WRITER, str(tmp_path), str(start)] for start in range(3)]
    writers = [subprocess.Popen(command, cwd=ROOT) for command in commands]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    assert index.entries(range(12)) == list(map(a_passage, range(12)))
    assert index.status().pending == 0
    assert sorted(index.snapshot().living_rows().ids.tolist()) == list(range(12))
