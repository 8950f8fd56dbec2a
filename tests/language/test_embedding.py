"""The embedders, with their real weights."""

import numpy as np
import pytest

from machi.language.embedding import (
    Blend,
    Embedder,
    MultilingualE5,
    UniversalSentenceEncoder,
    default_embedder,
)

QUERY = "粗大ごみを捨てたい"
NEAR = "大型ごみの収集の申し込みについて"
FAR = "市民税の納付書が届きません"


@pytest.mark.parametrize("embedder", [MultilingualE5(), UniversalSentenceEncoder(), default_embedder()])
def test_embedder_gives_unit_vectors_that_tell_near_from_far(embedder: Embedder) -> None:
    query = embedder.embed_queries([QUERY])
    passages = embedder.embed_passages([NEAR, FAR])
    assert query.dtype == passages.dtype == np.float32
    assert query.shape == (1, embedder.dimension)
    assert passages.shape == (2, embedder.dimension)
    assert np.linalg.norm(passages, axis=1) == pytest.approx([1, 1], abs=1e-4)
    near, far = passages @ query[0]
    assert near > far


@pytest.mark.parametrize("embedder", [MultilingualE5(), UniversalSentenceEncoder()])
def test_embedder_takes_texts_of_any_shape(embedder: Embedder) -> None:
    texts = ["", "\0", "😀" * 50, "粗大\ud800ごみ", "ごみ" * 50_000]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (5, embedder.dimension)
    assert np.isfinite(vectors).all()
    assert embedder.embed_queries([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("embedder", [MultilingualE5(), UniversalSentenceEncoder()])
def test_embedding_does_not_depend_on_the_batch(embedder: Embedder) -> None:
    together = embedder.embed_passages([NEAR, FAR, QUERY])
    alone = np.vstack([embedder.embed_passages([text]) for text in (NEAR, FAR, QUERY)])
    assert together.tobytes() == alone.tobytes()


def test_blend_is_the_weighted_mean_of_the_similarities() -> None:
    parts = MultilingualE5(), UniversalSentenceEncoder()
    blend = Blend(parts, (0.8, 0.2))
    of_parts = [(part.embed_passages([NEAR]) @ part.embed_queries([QUERY])[0])[0] for part in parts]
    of_blend = (blend.embed_passages([NEAR]) @ blend.embed_queries([QUERY])[0])[0]
    assert of_blend == pytest.approx(0.8 * of_parts[0] + 0.2 * of_parts[1], abs=1e-5)
    assert blend.name == "0.8*multilingual-e5-small-q8+0.2*use-multilingual-3"


def test_default_embedder_has_an_orthonormal_basis_of_its_own_name() -> None:
    embedder = default_embedder()
    assert embedder.basis is not None
    assert embedder.basis.shape == (896, 96)
    assert embedder.basis.T @ embedder.basis == pytest.approx(np.eye(96), abs=5e-3)
    assert embedder.name.startswith("0.8*multilingual-e5-small-q8+0.2*use-multilingual-3/")


def test_a_question_heard_twice_gives_vectors_of_ones_own() -> None:
    embedder = UniversalSentenceEncoder()
    first = embedder.embed_queries([QUERY])
    expected = first.tobytes()
    first[:] = 0
    assert embedder.embed_queries([QUERY]).tobytes() == expected
    assert embedder.embed_passages([QUERY]).tobytes() == expected
