"""Nobody who reads the log gets at what only a secret link opens."""

import logging

import pytest
from django.test import Client

from machi.base.logs import WithoutSecrets


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Not Found: /m/142123/i/B_Pu3Yco0_547_AUxPCTsOq0_27kOm3Q/", "Not Found: /m/142123/i/***/"),
        (
            "/api/v1/inquiries/B_Pu3Yco0_547_AUxPCTsOq0_27kOm3Q?municipality=1",
            "/api/v1/inquiries/***?municipality=1",
        ),
        ("/account/password/reset/key/4-cbl8y6-a3d1f0e2b4c6/", "/account/password/reset/key/***/"),
        ("Not Found: /m/142123/desk/queue/", "Not Found: /m/142123/desk/queue/"),
        ("/static/base/forms.0b2f9c1e3a5d.css", "/static/base/forms.0b2f9c1e3a5d.css"),
    ],
)
def test_secret_parts_of_addresses_are_not_written(said, written):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s", (said,), None)
    assert WithoutSecrets("%(message)s").format(record) == written


@pytest.mark.django_db
def test_site_writes_its_log_that_way(caplog):
    token = "B_Pu3Yco0_547_AUxPCTsOq0_27kOm3Q"
    Client().get(f"/m/142123/i/{token}/")
    (record,) = [record for record in caplog.records if token in record.getMessage()]
    (handler,) = [handler for handler in logging.getLogger().handlers if handler.get_name() == "stderr"]
    assert handler.format(record).endswith("WARNING django.request Not Found: /m/142123/i/***/")
