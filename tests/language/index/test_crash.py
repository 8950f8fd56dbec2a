"""A writer killed at any moment: nothing committed is lost, and no reader ever sees half of anything.

Real processes and SIGKILL. The writer says which batches it was told are done; every batch is of five passages.
"""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

from machi.language.index import vectors
from machi.language.index.store import MunicipalityIndex
from tests.language.pairs import PairEmbedder, a_passage

ROOT = Path(__file__).resolve().parents[3]
BATCH = 5

# Adds the next batch, and removes an old one at every third, until killed.
ADDING = """
from pathlib import Path
import sys
from machi.language.index.store import MunicipalityIndex
from tests.language.pairs import PairEmbedder, a_passage
index = MunicipalityIndex(Path(sys.argv[1]), PairEmbedder())
print("ready", flush=True)
batch = int(sys.argv[2])
while True:
    add = map(a_passage, range(batch * 5, batch * 5 + 5))
    remove = range(batch * 5 - 20, batch * 5 - 15) if batch % 3 == 2 else ()
    index.apply(add, remove)
    print(batch, flush=True)
    batch += 1
"""

EMBEDDING = """
from pathlib import Path
import sys
from machi.language.index.store import MunicipalityIndex
from tests.language.pairs import PairEmbedder
index = MunicipalityIndex(Path(sys.argv[1]), PairEmbedder())
print("ready", flush=True)
index.embed_missing(lambda done, total: print(done, flush=True), batch=2)
"""


def killed_run(program: str, folder: Path, steps: int, share: float, *arguments: str) -> list[int]:
    """Run ``program``, SIGKILL it at ``share`` of the step after ``steps`` steps, return the numbers it printed."""
    command = [sys.executable, "-c", program, str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        began = time.monotonic()
        told = [int(process.stdout.readline()) for _ in range(steps)]
        time.sleep(share * (time.monotonic() - began) / steps)
        process.send_signal(signal.SIGKILL)
        return told + [int(line) for line in process.stdout.read().split("\n")[:-1]]


def batches(index: MunicipalityIndex) -> set[int]:
    """The batches in the index, after making sure that each is there whole, in the table and in the full text."""
    snapshot = index.snapshot()
    ids = snapshot.passages["passage_id"].tolist()
    assert [stored.passage_id for stored in snapshot.stored()] == ids
    found = {i // BATCH for i in ids}
    assert ids == [n for batch in sorted(found) for n in range(batch * BATCH, batch * BATCH + BATCH)]
    return found


def test_kill_during_indexing_loses_nothing_and_shows_no_half(tmp_path: Path) -> None:
    chance = random.Random(20250401)
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    done: set[int] = set()
    stop = threading.Event()
    faults: list[BaseException] = []

    def keep_reading() -> None:
        reader = MunicipalityIndex(tmp_path, PairEmbedder())
        try:
            while not stop.is_set():
                batches(reader)
                reader.search("粗大ごみの手数料")
        except BaseException as fault:
            faults.append(fault)

    watcher = threading.Thread(target=keep_reading, daemon=True)
    watcher.start()
    following = 0
    for _ in range(5):
        told = killed_run(ADDING, tmp_path, chance.randint(1, 4), chance.random(), str(following))
        for batch in told:
            done.add(batch)
            if batch % 3 == 2:
                done.discard(batch - 4)
        seen = batches(index)
        # The killed step may have been committed without our being told, whole or not at all.
        last = max(told) + 1
        committed = {batch for batch in (last,) if batch in seen}
        if committed and last % 3 == 2:
            done.discard(last - 4)
        assert seen == done | committed
        done |= committed
        following = last
    stop.set()
    watcher.join()
    assert faults == []
    assert index.entries([following * BATCH - 1]) == [a_passage(following * BATCH - 1)]
    index.apply(map(a_passage, range(following * BATCH, following * BATCH + BATCH)))
    assert batches(index) == done | {following}


def test_kill_during_embedding_loses_no_vector_and_goes_on(tmp_path: Path) -> None:
    chance = random.Random(20250402)
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    index.apply(map(a_passage, range(300)))
    embedded = 0
    for _ in range(4):
        told = killed_run(EMBEDDING, tmp_path, chance.randint(1, 6), chance.random())
        now = index.status().embedded
        # At most the batch that was under way when the kill came was committed without our being told.
        assert max([embedded, *told]) <= now <= max([embedded, *told]) + 2
        embedded = now
    assert 0 < embedded < 300
    assert index.embed_missing(batch=100) == 300 - embedded
    rows = index.snapshot().living_rows()
    assert sorted(rows.ids.tolist()) == list(range(300))
    entries = [a_passage(int(i)) for i in rows.ids]
    expected = vectors.embed(index.embedder, [(e.title, e.headings, e.text) for e in entries])
    assert np.array_equal(rows.full, expected)
    assert np.array_equal(rows.scan, vectors.coarse(expected, None))
    assert (tmp_path / f"{index.snapshot().manifest.vectors}.ids").stat().st_size == 300 * 8


def test_what_a_killed_writer_left_unfinished_is_cleared_away(tmp_path: Path) -> None:
    index = MunicipalityIndex(tmp_path, PairEmbedder())
    index.apply(map(a_passage, range(10)))
    index.embed_missing()
    now = index.snapshot().manifest
    # Exactly what stands on disk when a writer is killed before its manifest: files no manifest names.
    (tmp_path / f"fulltext-{now.revision + 1}").mkdir()
    (tmp_path / f"fulltext-{now.revision + 1}" / "half.term").write_bytes(b"half")
    (tmp_path / f"passages-{now.revision + 7}.npy").write_bytes(b"\x93NUMPY")
    (tmp_path / "manifest.json.new").write_text('{"revision": 99')
    with (tmp_path / f"{now.vectors}.full").open("ab") as file:
        file.write(b"\0" * 7)
    with (tmp_path / f"{now.vectors}.ids").open("ab") as file:
        file.write(b"\0" * 80)
    before = index.search("粗大ごみの手数料")
    assert MunicipalityIndex(tmp_path, PairEmbedder()).search("粗大ごみの手数料") == before
    index.apply([a_passage(10)])
    index.embed_missing()
    index.apply([a_passage(11)])
    assert sorted(index.snapshot().living_rows().ids.tolist()) == list(range(11))
    assert index.entries([10, 11]) == [a_passage(10), a_passage(11)]
    assert not (tmp_path / f"passages-{now.revision + 7}.npy").exists()
    assert not list(tmp_path.glob("fulltext-*/half.term"))
