"""Real speech, really heard: the words, their times, nothing where nobody speaks, and files that would do harm."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from machi.casework.engine import speech, speech_models
from machi.casework.engine.speech_audio import decoded, kind_of
from machi.casework.engine.speech_isolated import hear, look
from machi.casework.engine.speech_lines import (
    DOUBTFUL,
    is_marked,
    lines,
    parts,
    time_of,
    without_marks,
    written,
)
from machi.casework.engine.speech_types import RATE, AudioLimits, Line, NotHeard, Word
from tests.casework.spoken import CODECS, MEETING, alike, as_wav, encoded, said, samples_of, words


@pytest.fixture(scope="module")
def model():
    return speech_models.find("")


def refused(call, *args, **options) -> NotHeard:
    with pytest.raises(NotHeard) as caught:
        call(*args, **options)
    return caught.value


def text_of(heard) -> str:
    return " ".join(one.text for one in heard.lines)


def test_what_was_said_is_heard_with_its_times_and_the_same_again(model):
    sentences = "Good morning. We begin the meeting of the fire brigade."
    recording = said(sentences)
    told: list[tuple[float, float]] = []
    first = hear([recording], model, "en", report=lambda done, total: told.append((done, total)))
    assert words(text_of(first)) == words(sentences)
    seconds = len(samples_of(recording)) / RATE
    edges = [edge for one in first.lines for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert 0 <= edges[0] < edges[-1] <= seconds
    assert (first.sound.kind, round(first.sound.seconds, 2)) == ("wav", round(seconds, 2))
    assert told[-1] == pytest.approx((seconds, seconds))
    assert hear([recording[:999], recording[999:]], model, "en") == first


@pytest.mark.long
@pytest.mark.parametrize("suffix", ["wav", *CODECS])
def test_every_kind_of_file_gives_the_words(model, suffix):
    samples = samples_of(said())
    data = said() if suffix == "wav" else encoded(samples, suffix)
    heard = hear([data], model, "en")
    assert alike(text_of(heard), MEETING) > 0.85
    assert heard.sound.seconds == pytest.approx(len(samples) / RATE, abs=0.2)
    assert (heard.sound.damaged, heard.sound.missing) == (0, 0)


@pytest.mark.long
def test_where_nobody_speaks_nothing_is_written(model):
    random, minute = np.random.default_rng(1), 60 * RATE
    for sound in (np.zeros(minute), random.normal(0, 4000, minute), random.normal(0, 30, minute)):
        heard = hear([as_wav(sound)], model, "en")
        assert heard.lines == ()
        assert heard.sound.seconds == 60


@pytest.mark.long
def test_a_long_recording_is_cut_at_pauses_and_loses_nothing(model):
    one = np.concatenate([samples_of(said()), np.zeros(2 * RATE, np.int16)])
    whole = np.tile(one, 10)
    cuts = list(speech.blocks(whole))
    assert len(cuts) == 2
    assert [start for start, _end in cuts[1:]] == [end for _start, end in cuts[:-1]]
    assert (cuts[0][0], cuts[-1][1]) == (0, len(whole))
    for _start, end in cuts[:-1]:
        assert not whole[end - RATE // 10 : end + RATE // 10].any()  # in a pause
    heard = hear([as_wav(whole)], model, "en")
    told = words(text_of(heard))
    times = {
        word: told.count(word) for word in ("morning", "brigade", "pump", "supplier", "friday", "adopted")
    }
    assert all(9 <= count <= 10 for count in times.values()), times
    starts = [line.start for line in heard.lines]
    assert starts == sorted(starts)
    assert heard.lines[-1].end <= len(whole) / RATE


def test_speech_without_a_pause_is_cut_hard():
    never_still = np.tile(samples_of(said("The meeting begins now")), 200)[: 130 * RATE]
    cuts = list(speech.blocks(never_still))
    assert (cuts[0][0], cuts[-1][1]) == (0, len(never_still))
    assert all(end - start <= speech.BLOCK * RATE for start, end in cuts)


def test_kinds_are_told_by_content():
    short = samples_of(said("Hello"))
    assert kind_of(said("Hello")[:16]) == "wav"
    kinds = {suffix: kind_of(encoded(short, suffix)[:16]) for suffix in CODECS}
    assert kinds == {
        "mp3": "mp3",
        "m4a": "mp4",
        "aac": "aac",
        "ogg": "ogg",
        "flac": "flac",
        "webm": "webm",
    }
    texts = ("山本課長：始めます。".encode("utf-16"), b"ID3 is a tag", b"\xff", b"WEBVTT", b"#EXTM3U\n")
    for other in (b"", b"%PDF-1.7", b"PK\x03\x04", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", *texts):
        assert kind_of(other) is None, other


def test_what_is_no_recording_is_refused_in_the_child():
    wav = said("Hello")
    assert refused(look, []).key == "empty"
    assert refused(look, ["会議の記録".encode()]).key == "not-audio"
    # FFmpeg left to choose would open the addresses of a play list.
    assert refused(look, [b"#EXTM3U\n#EXT-X-TARGETDURATION:1\nhttp://127.0.0.1:9/a.wav\n"]).key == "not-audio"
    assert refused(look, [b"ffconcat version 1.0\nfile /etc/hostname\n"]).key == "not-audio"
    for broken in (
        b"OggS" + bytes(5000),
        b"RIFF\x00\x00\x00\x00WAVEjunk",
        encoded(samples_of(wav), "m4a")[:300],
        b"\xff\xfb" + bytes(5000),
        b"fLaC" + wav[:500],
    ):
        assert refused(look, [broken]).key == "broken", broken[:8]
    assert refused(look, [wav], AudioLimits(size=100)).arguments == {"megabytes": 0}
    assert refused(look, [wav, wav], AudioLimits(size=len(wav))).key == "too-large"


def test_a_recording_longer_than_the_limit_is_refused_however_small_its_file():
    quiet = encoded(np.zeros(90 * RATE, np.int16), "ogg")
    assert len(quiet) < 100_000
    assert refused(look, [quiet], AudioLimits(seconds=60)).key == "too-long"
    assert look([quiet], AudioLimits(seconds=120)).kind == "ogg"
    # The times that it says of itself are not believed alone.
    endless = encoded(np.zeros(90 * RATE, np.int16), "aac")
    assert refused(decoded, endless, AudioLimits(seconds=60)).key == "too-long"


def test_a_child_that_takes_too_much_dies_alone(model):
    assert refused(look, [said()], memory=60_000_000).key in ("too-costly", "broken")
    assert look([said()]).kind == "wav"


def test_what_is_damaged_or_cut_off_is_told():
    whole = bytearray(encoded(samples_of(said()), "mp3"))
    assert decoded(bytes(whole), AudioLimits())[1].damaged == 0
    for at in range(6000, 9000):
        whole[at] = 0x55
    _samples, sound = decoded(bytes(whole), AudioLimits())
    assert sound.damaged > 0
    flac = encoded(np.tile(samples_of(said()), 3), "flac")
    full = decoded(flac, AudioLimits())[1].seconds
    cut = decoded(flac[: len(flac) // 2], AudioLimits())[1]
    assert cut.missing == pytest.approx(full - cut.seconds, abs=0.1)
    assert cut.missing > 2


def test_a_language_that_the_model_does_not_know_is_refused(model):
    assert model.languages == ("en",)
    assert refused(hear, [said("Hello")], model, "ja").key == "language"


def a_model(folder: Path, tokens: int) -> Path:
    """What looks like a model, as far as a look can tell."""
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (folder / name).write_text("{}")
    (folder / "vocabulary.txt").write_text("\n".join("a" * tokens) + "\n")
    return folder


def test_a_folder_that_lacks_a_file_is_refused_before_anything_could_be_fetched(tmp_path):
    folder = a_model(tmp_path / "whisper-ja", 51_865)
    assert speech_models.find(str(folder)).languages == ("ja", "en")
    for name in ("tokenizer.json", "model.bin", "config.json", "vocabulary.txt"):
        (folder / name).rename(tmp_path / "away")
        lacking = refused(speech_models.find, str(folder))
        assert (lacking.key, lacking.arguments["file"]) == ("model-incomplete", name)
        (tmp_path / "away").rename(folder / name)
    assert refused(speech_models.find, str(tmp_path / "nowhere")).key == "no-model"
    english = speech_models.find(str(a_model(tmp_path / "en", 51_864)))
    assert (english.name, english.languages, english.shipped) == ("en", ("en",), False)


def test_weights_that_cannot_be_loaded_are_told(tmp_path):
    broken = speech_models.find(str(a_model(tmp_path / "broken", 51_865)))
    assert refused(hear, [said("Hello")], broken, "ja").key == "model-broken"


@pytest.mark.long
def test_a_folder_of_the_sites_own_is_used(tmp_path, model):
    own = Path(shutil.copytree(model.folder, tmp_path / "town-model"))
    found = speech_models.find(str(own))
    assert (found.name, found.shipped, speech_models.digest(found)) == (
        "town-model",
        False,
        speech_models.digest(model),
    )
    assert hear([said()], found, "en").lines == hear([said()], model, "en").lines


def test_no_connection_is_opened(model, tmp_path, monkeypatch):
    """A hook in the child ends it at the first attempt to reach anything."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, pathlib, sys\n"
        "pathlib.Path(__file__).with_name('watched').touch()\n"
        "reaching = ('socket.connect', 'socket.getaddrinfo', 'socket.sendto')\n"
        "sys.addaudithook(lambda event, _given: os._exit(88) if event in reaching else None)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert hear([said("Hello everybody")], model, "en").sound.kind == "wav"
    assert (tmp_path / "watched").exists()


def test_the_recogniser_is_loaded_by_its_child_alone():
    """Whatever imports the room (the server, a worker, a site without the extra) does without."""
    code = (
        "import django, os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'machi.site.settings'; django.setup()\n"
        "from machi.casework.domain import transcribing; from machi.casework.engine import speech_isolated, speech\n"
        "transcribing.the_model()\n"
        "print(sorted({'faster_whisper', 'ctranslate2', 'av', 'huggingface_hub'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


@pytest.mark.long
def test_a_killed_worker_takes_its_child_with_it(tmp_path):
    recording = tmp_path / "long.wav"
    recording.write_bytes(as_wav(np.tile(samples_of(said()), 60)))
    code = (
        "import sys; from pathlib import Path\n"
        "from machi.casework.engine import speech_isolated, speech_models\n"
        "speech_isolated.hear([Path(sys.argv[1]).read_bytes()], speech_models.find(''), 'en',\n"
        "    report=lambda done, total: print(done, flush=True))"
    )
    worker = subprocess.Popen([sys.executable, "-c", code, str(recording)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline()
    (child,) = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    worker.kill()
    worker.wait()
    worker.stdout.close()
    for _ in range(300):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            return
        time.sleep(0.2)
    pytest.fail("the child goes on without anybody to tell")


def test_lines_end_with_sentences_and_pauses_and_doubtful_words_are_marked():
    heard = [
        Word(" Mr.", 0.0, 0.4, 0.9),
        Word(" Mori", 0.45, 0.8, DOUBTFUL - 0.01),
        Word(" agrees.", 0.8, 1.2, 0.99),
        Word(" Good", 1.2, 2.0, 0.99),
        Word(" Next", 3661.0, 3661.5, DOUBTFUL),
    ]
    found = list(lines(heard))
    assert found == [
        Line(0.0, 1.2, "Mr. Mori agrees.", ("Mori",)),
        Line(1.2, 2.0, "Good"),
        Line(3661.0, 3661.5, "Next"),
    ]
    assert [written(one) for one in found] == [
        "[00:00:00] Mr. Mori agrees. 〔要確認：Mori〕",
        "[00:00:01] Good",
        "[01:01:01] Next",
    ]
    japanese = [Word("始めます", 0, 1, 1), Word("。", 1, 1, 1), Word("次に", 1, 2, 1)]
    assert [one.text for one in lines(japanese)] == ["始めます。", "次に"]
    endless = [Word(" word", n, n + 0.9, 1) for n in range(100)]
    assert max(len(one.text) for one in lines(endless)) <= 205
    assert sum(len(one.text.split()) for one in lines(endless)) == 100


def test_a_line_is_taken_apart_again():
    line = "[00:12:34] 森課長：始めます 〔要確認：始めます〕"
    assert parts(line) == ("00:12:34", "森課長：始めます", "始めます")
    assert (time_of(line), without_marks(line)) == ("[00:12:34]", "[00:12:34] 森課長：始めます")
    assert (is_marked(line), is_marked(without_marks(line))) == (True, False)
    assert parts("（休憩）") == ("", "（休憩）", "")
    assert parts("[00:00:01] はい 〔要確認〕") == ("00:00:01", "はい", "…")
