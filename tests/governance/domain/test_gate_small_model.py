"""The gate with a real, small language model behind llama.cpp's own server: the protocol as it is spoken.

What a model of 270 million parameters writes is of no use to a town, and that is the point of some of these: whatever
it writes, nothing unsupported is left of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from machi.base import ledger
from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import DRAFTS
from machi.governance.domain import gate_trial
from machi.governance.domain.gate import Completion, complete
from machi.governance.models import Endpoint, KeptExchange, ModelCall
from machi.language.engine.claims import Source, check
from tests.base.factories import a_municipality, a_person
from tests.governance.gates import an_endpoint
from tests.language_model_server.small_model import small_model

PASSAGE = "粗大ごみは事前の申し込みが必要です。手数料は1点500円です。"


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with small_model() as url:
        yield url


@pytest.fixture
def town(db: None, address: str) -> Iterator[Municipality]:
    town = a_municipality()
    an_endpoint(town, address, seconds=60)
    with in_municipality(town):
        yield town


def ask(town: Municipality, text: str) -> Completion:
    return complete(
        town, system=DRAFTS, messages=[{"role": "user", "content": text}], subject="inquiry:1", max_tokens=12
    )


def test_a_real_model_answers_through_the_gate_and_again_the_same(town: Municipality) -> None:
    first = ask(town, f"{PASSAGE}\n手数料はいくらですか。")
    assert first.text.strip()
    assert (first.fallback, first.cached, first.reason) == (False, False, "")
    assert first.tokens_in > 10
    assert 0 < first.tokens_out <= 12
    KeptExchange.objects.all().delete()
    ModelCall.objects.all().delete()  # and with it the cache: the model is asked anew
    second = ask(town, f"{PASSAGE}\n手数料はいくらですか。")
    assert (second.text, second.cached) == (first.text, False)
    assert ledger.verify(town) == []


def test_of_whatever_it_writes_nothing_is_kept_that_no_passage_says(town: Municipality) -> None:
    got = ask(town, f"{PASSAGE}\n駐車場の料金と営業時間は。")
    elsewhere = Source(1, "図書館では、月曜日に本の読み聞かせを行っています。")
    assert [one.text for one in check(got.text, [elsewhere]) if one.kept] == []


def test_the_connection_test_names_the_model(town: Municipality) -> None:
    reply = gate_trial.test(Endpoint.objects.get(), by=a_person(Role.ADMINISTRATOR, town))
    assert reply.model
    assert reply.tokens_out is not None
