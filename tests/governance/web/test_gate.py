"""The gate's pages: what each role may do, that keys stay hidden, that lists stay quick."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import DRAFTS
from machi.governance.domain import gate, gate_budget, gate_keeping
from machi.governance.models import (
    AllowedDestination,
    Cap,
    Endpoint,
    EndpointBreaker,
    GateSettings,
    ModelCall,
)
from tests.base.factories import a_division, a_municipality, a_person
from tests.governance.gates import an_endpoint
from tests.language_model_server.scripted import Scripted, scripted, status

SECRET = "sk-very-secret"


@pytest.fixture
def town(db: None) -> Municipality:
    return a_municipality()


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


def client_of(role: Role, town: Municipality) -> Client:
    client = Client()
    client.force_login(a_person(role, town), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(town: Municipality, name: str, *arguments: object) -> str:
    return reverse(f"governance:{name}", args=[town.code, *arguments])


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def calls(town: Municipality, count: int, **fields: object) -> None:
    with in_municipality(town):
        division = a_division(town, f"課{ModelCall.objects.count()}")
        for number in range(count):
            ModelCall.objects.create(
                municipality=town,
                month=gate_budget.this_month(),
                system=DRAFTS,
                purpose=DRAFTS,
                subject=f"inquiry:{number}",
                division=division,
                **{"state": "done", "tokens_in": 10, "tokens_out": 5, "hidden": {"電話番号": 2}, **fields},
            )


def test_without_a_model_the_page_says_that_this_is_fine(town: Municipality) -> None:
    page = text(client_of(Role.ADMINISTRATOR, town).get(url(town, "gate")))
    assert "モデルはありません。資料から抜き出して答えています" in page
    assert url(town, "gate_allow") in page
    assert url(town, "gate_allow") not in text(client_of(Role.AUDITOR, town).get(url(town, "gate")))


def test_an_administrator_sets_up_a_model_through_the_screens(town: Municipality, server: Scripted) -> None:
    client = client_of(Role.ADMINISTRATOR, town)
    given = {
        "name": "手元のモデル", "purpose": DRAFTS, "base_url": server.url, "model": "m", "key": SECRET,
        "yen_in": "0", "yen_out": "0", "seconds": "5",
    }  # fmt: skip
    refused = text(client.post(url(town, "gate_add"), given))
    assert "許可した接続先の一覧にありません" in refused
    assert SECRET not in refused
    allowed = client.post(url(town, "gate_allow"), {"url": server.url, "reach": "here"})
    assert allowed.status_code == 302
    assert client.post(url(town, "gate_add"), given).status_code == 302
    with in_municipality(town):
        endpoint = Endpoint.objects.get()
        assert endpoint.key == SECRET
    tested = client.post(url(town, "gate_test", endpoint.pk), follow=True)
    assert "つながりました" in text(tested)
    assert len(server.received) == 1
    assert town.name not in server.everything


def test_a_key_is_shown_to_nobody_and_can_be_replaced(town: Municipality, server: Scripted) -> None:
    endpoint = an_endpoint(town, server)
    client = client_of(Role.ADMINISTRATOR, town)
    for name, arguments in (("gate", []), ("gate_endpoint", [endpoint.pk]), ("gate_key", [endpoint.pk])):
        assert SECRET not in text(client.get(url(town, name, *arguments)))
    assert "登録されています（表示できません）" in text(client.get(url(town, "gate_endpoint", endpoint.pk)))
    client.post(url(town, "gate_key", endpoint.pk), {"key": "sk-new"})
    with in_municipality(town):
        assert Endpoint.objects.get().key == "sk-new"
        bodies = "".join(LedgerEntry.objects.values_list("body", flat=True))
    assert "sk-new" not in bodies
    assert SECRET not in bodies


def test_a_failed_test_says_why(town: Municipality, server: Scripted) -> None:
    endpoint = an_endpoint(town, server)
    server.steps = [status(401)]
    client = client_of(Role.ADMINISTRATOR, town)
    page = text(client.post(url(town, "gate_test", endpoint.pk), follow=True))
    assert "モデル名や鍵を確かめてください" in page


def test_a_destination_must_fit_the_network(town: Municipality) -> None:
    client = client_of(Role.ADMINISTRATOR, town)
    cloud = {"url": "https://api.example.jp", "reach": "internet"}
    assert "この場所へはつなげません" in text(client.post(url(town, "gate_allow"), cloud))
    settings = {"profile": "alpha_prime", "keep_days": "30", "cache_days": "0"}
    assert client.post(url(town, "gate_settings"), settings).status_code == 302
    assert "許可の根拠" in text(client.post(url(town, "gate_allow"), cloud))
    assert client.post(url(town, "gate_allow"), {**cloud, "basis": "情第12号"}).status_code == 302
    wrong = {"url": "https://ai.lgwan.jp", "reach": "lgwan", "networks": "10.1.0.0/99"}
    assert "10.1.0.0/16 のように" in text(client.post(url(town, "gate_allow"), wrong))
    with in_municipality(town):
        assert GateSettings.objects.get().profile == "alpha_prime"
        line = AllowedDestination.objects.get()
    client.post(url(town, "gate_settings"), {**settings, "profile": "alpha"})
    assert "いまは効きません" in text(client.get(url(town, "gate")))
    assert client.post(url(town, "gate_disallow", line.pk)).status_code == 302
    with in_municipality(town):
        assert not AllowedDestination.objects.exists()


def test_the_ai_officer_sets_caps_and_sees_them_used(town: Municipality) -> None:
    client = client_of(Role.AI_OFFICER, town)
    assert "円かトークン" in text(client.post(url(town, "gate_caps"), {}))
    assert client.post(url(town, "gate_caps"), {"yen": "1000", "tokens": "100"}).status_code == 302
    calls(town, 6)
    page = text(client.get(url(town, "gate")))
    assert "「自治体全体」は今月の上限の90%を使いました" in page
    assert "言語モデルの月の上限" in text(client.get(reverse("base:staff_home", args=[town.code])))
    calls(town, 1)
    assert "「自治体全体」は今月の上限に達しました" in text(client.get(url(town, "gate")))
    client.post(url(town, "gate_caps"), {})
    with in_municipality(town):
        assert not Cap.objects.exists()


@pytest.mark.parametrize("role", [Role.AI_OFFICER, Role.AUDITOR, Role.MANAGER])
def test_who_only_sees_is_offered_no_keys(role: Role, town: Municipality, server: Scripted) -> None:
    endpoint = an_endpoint(town, server)
    client = client_of(role, town)
    assert url(town, "gate_key", endpoint.pk) not in text(client.get(url(town, "gate_endpoint", endpoint.pk)))
    for name in ("gate_key", "gate_test", "gate_active"):
        assert client.post(url(town, name, endpoint.pk)).status_code == 403
    assert server.received == []


def test_another_towns_endpoint_is_not_there(town: Municipality, server: Scripted) -> None:
    endpoint = an_endpoint(a_municipality("332020"), server)
    client = client_of(Role.ADMINISTRATOR, town)
    for name in ("gate_endpoint", "gate_key", "gate_active"):
        assert client.get(url(town, name, endpoint.pk)).status_code == 404
    assert client.post(url(town, "gate_test", endpoint.pk)).status_code == 404
    assert "手元のモデル" not in text(client.get(url(town, "gate")))


def test_an_endpoint_is_stopped_and_taken_up_after_asking(town: Municipality, server: Scripted) -> None:
    endpoint = an_endpoint(town, server)
    client = client_of(Role.ADMINISTRATOR, town)
    assert "止めますか" in text(client.get(url(town, "gate_active", endpoint.pk)))
    client.post(url(town, "gate_active", endpoint.pk))
    assert "停止中" in text(client.get(url(town, "gate")))
    client.post(url(town, "gate_active", endpoint.pk))
    assert "使用中" in text(client.get(url(town, "gate")))


@pytest.mark.parametrize("name", ["gate", "gate_calls"])
def test_lists_ask_the_database_equally_often(name: str, town: Municipality, server: Scripted) -> None:
    client = client_of(Role.AUDITOR, town)
    an_endpoint(town, server)
    calls(town, 1)
    client.get(url(town, name))
    counts = []
    for more in (0, 2):
        if more:
            calls(town, 1)
            calls(town, 1)
            with in_municipality(town):
                for number in range(2):
                    Endpoint.objects.create(
                        municipality=town,
                        name=f"{number}",
                        purpose=f"{number}",
                        base_url=server.url,
                        model="m",
                    )
        with CaptureQueriesContext(connection) as captured:
            client.get(url(town, name))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_calls_are_listed_filtered_and_exported_without_content(town: Municipality) -> None:
    client = client_of(Role.AUDITOR, town)
    calls(town, 2)
    calls(town, 1, state="refused", reason="my_number")
    page = text(client.get(url(town, "gate_calls"), {"state": "refused"}))
    assert "1件の呼び出し" in page
    assert "マイナンバー" in page
    assert "この条件の呼び出しはありません" in text(client.get(url(town, "gate_calls"), {"month": "2020-01"}))
    exported = client.get(url(town, "gate_calls"), {"format": "csv"})
    lines = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "電話番号 2" in lines[1]


def test_a_broken_endpoint_says_when_it_is_tried_again(town: Municipality, server: Scripted) -> None:
    endpoint = an_endpoint(town, server)
    with in_municipality(town):
        EndpointBreaker.objects.create(
            municipality=town,
            endpoint=endpoint,
            failures=5,
            open_until=timezone.now() + timedelta(minutes=1),
        )
    client = client_of(Role.ADMINISTRATOR, town)
    assert "不調のため休止中" in text(client.get(url(town, "gate")))
    assert "に1回だけ試し" in text(client.get(url(town, "gate_endpoint", endpoint.pk)))


def test_only_an_auditor_opens_the_words_of_a_call_and_it_is_recorded(
    town: Municipality, server: Scripted
) -> None:
    an_endpoint(town, server)
    with in_municipality(town):
        gate.complete(
            town,
            system=DRAFTS,
            messages=[{"role": "user", "content": "ベンチの相談。電話は090-1234-5678です"}],
            subject="inquiry:7",
        )
        call = ModelCall.objects.get()
        before = LedgerEntry.objects.count()
    address = url(town, "gate_call", call.pk)
    for role in (Role.AI_OFFICER, Role.ADMINISTRATOR, Role.MANAGER, Role.CLERK):
        assert client_of(role, town).post(address).status_code == 403
    auditor = client_of(Role.AUDITOR, town)
    assert address in text(auditor.get(url(town, "gate_calls")))
    assert "ベンチの相談" not in text(auditor.get(address))
    page = text(auditor.post(address))
    assert "ベンチの相談。電話は〔電話番号1〕です" in page
    assert "はい。" in page
    with in_municipality(town):
        assert LedgerEntry.objects.count() == before + 1
        assert LedgerEntry.objects.latest("index").subject == "inquiry:7"
        gate_keeping.erase(town, "inquiry:7")
    assert "残っていません" in text(auditor.post(address))
    with in_municipality(town):
        assert LedgerEntry.objects.count() == before + 1
