"""Which endpoints there are, what each is for, and what the network lets be called."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.governance.models import AllowedDestination, Endpoint, GateSettings
from machi.language.gate.egress import (
    Destination,
    EgressRefused,
    Profile,
    Reach,
    check_destination,
    find,
    parse,
)

SYSTEM = "governance.gate"
WHY_NOT = {
    "url": gettext_lazy("アドレスは https://ホスト名/v1 のように書いてください。"),
    "not_listed": gettext_lazy("許可した接続先の一覧にありません。"),
    "reach": gettext_lazy("いまのネットワークの形では、この場所へはつなげません。"),
    "networks": gettext_lazy("アドレスの範囲（例：10.1.0.0/16）を書いてください。"),
    "tls": gettext_lazy("インターネットへは https だけを使えます。"),
    "basis": gettext_lazy("インターネットへ出る許可の根拠（決裁の番号など）を書いてください。"),
}


def settings_of(municipality: Municipality) -> GateSettings:
    """The municipality's settings; unsaved with what holds by default where none were made."""
    return GateSettings.objects.filter(municipality=municipality).first() or GateSettings(
        municipality=municipality
    )


def endpoint_for(purpose: str, system: str) -> Endpoint | None:
    """The active endpoint of the purpose, else of the AI system, else of any."""
    active = {one.purpose: one for one in Endpoint.objects.filter(active=True)}
    return next((active[key] for key in (purpose, system, Endpoint.ANY) if key in active), None)


def destination_of(endpoint: Endpoint) -> Destination:
    """The line of the allow-list that lets it be called; raises EgressRefused."""
    profile = Profile(settings_of(endpoint.municipality).profile)
    return find(endpoint.base_url, profile, [one.destination for one in AllowedDestination.objects.all()])


def why_not(endpoint: Endpoint) -> str:
    """Why the network does not let it be called; empty: it does."""
    return reason_against(
        endpoint, settings_of(endpoint.municipality), list(AllowedDestination.objects.all())
    )


def reason_against(endpoint: Endpoint, settings: GateSettings, allowed: Sequence[AllowedDestination]) -> str:
    """As ``why_not``, with the settings and the list in hand."""
    try:
        find(endpoint.base_url, Profile(settings.profile), [one.destination for one in allowed])
    except EgressRefused as refused:
        return str(WHY_NOT[refused.code])
    return ""


def line_against(line: AllowedDestination, settings: GateSettings) -> str:
    """Why a line of the list has no effect in the network as it is set; empty: it has."""
    try:
        check_destination(line.destination, Profile(settings.profile))
    except EgressRefused as refused:
        return str(WHY_NOT[refused.code])
    return ""


@transaction.atomic
def set_profile(
    municipality: Municipality, *, by: Person, profile: str, keep_days: int, cache_days: int
) -> None:
    GateSettings.objects.update_or_create(
        municipality=municipality,
        defaults={"profile": profile, "keep_days": keep_days, "cache_days": cache_days},
    )
    record(
        municipality,
        by,
        "gate",
        {"action": "settings", "profile": profile, "keep_days": keep_days, "cache_days": cache_days},
    )


@transaction.atomic
def allow(
    municipality: Municipality, *, by: Person, url: str, reach: str, networks: Sequence[str], basis: str
) -> AllowedDestination:
    """Adds a line to the allow-list; Refused where it could never be called from the network as it is set."""
    try:
        written = [str(ipaddress.ip_network(one)) for one in networks]
    except ValueError:
        raise Refused(_("アドレスの範囲は 10.1.0.0/16 のように書いてください。"), field="networks") from None
    try:
        scheme, host, port = parse(url)
        given = Destination(scheme, host, port, Reach(reach), tuple(written), basis)
        check_destination(given, Profile(settings_of(municipality).profile))
    except EgressRefused as refused:
        field = {"url": "url", "tls": "url", "networks": "networks", "basis": "basis"}.get(
            refused.code, "reach"
        )
        raise Refused(WHY_NOT[refused.code], field=field) from None
    line, is_new = AllowedDestination.objects.get_or_create(
        municipality=municipality,
        scheme=scheme,
        host=host,
        port=port,
        defaults={"reach": reach, "networks": written, "basis": basis},
    )
    if not is_new:
        raise Refused(_("この接続先はすでに許可されています。"), field="url")
    record(
        municipality,
        by,
        f"destination:{line.pk}",
        {"action": "allow", "to": str(line), "reach": reach, "networks": written},
    )
    return line


@transaction.atomic
def disallow(line: AllowedDestination, *, by: Person) -> None:
    """Takes a line off; from the next call on it holds."""
    record(line.municipality, by, f"destination:{line.pk}", {"action": "disallow", "to": str(line)})
    line.delete()


@transaction.atomic
def add(
    municipality: Municipality,
    *,
    by: Person,
    name: str,
    purpose: str,
    base_url: str,
    model: str,
    key: str = "",
    yen_in: Decimal = Decimal(0),
    yen_out: Decimal = Decimal(0),
    seconds: int = 60,
) -> Endpoint:
    """An endpoint, used from now on; Refused where the network does not let it be called."""
    endpoint = Endpoint(
        municipality=municipality,
        name=name.strip(),
        purpose=purpose,
        base_url=base_url.strip(),
        model=model.strip(),
        key=key.strip() or None,
        yen_in=yen_in,
        yen_out=yen_out,
        seconds=seconds,
    )
    if reason := why_not(endpoint):
        raise Refused(reason, field="base_url")
    _ensure_free(endpoint)
    _save(endpoint)
    record(municipality, by, f"endpoint:{endpoint.pk}", {"action": "add", **_said(endpoint)})
    return endpoint


@transaction.atomic
def replace_key(endpoint: Endpoint, *, by: Person, key: str) -> None:
    endpoint.key = key.strip() or None
    endpoint.save(update_fields=["key"])
    record(endpoint.municipality, by, f"endpoint:{endpoint.pk}", {"action": "replace_key"})


@transaction.atomic
def set_active(endpoint: Endpoint, *, by: Person, active: bool) -> None:
    """Disables it for the next call, or takes it up again; Refused where another has its purpose now."""
    if active:
        _ensure_free(endpoint)
    endpoint.active = active
    endpoint.save(update_fields=["active"])
    action = "enable" if active else "disable"
    record(endpoint.municipality, by, f"endpoint:{endpoint.pk}", {"action": action})


def _ensure_free(endpoint: Endpoint) -> None:
    if Endpoint.objects.filter(purpose=endpoint.purpose, active=True).exclude(pk=endpoint.pk).exists():
        raise Refused(_("この用途の接続先はすでにあります。先に、それを止めてください。"), field="purpose")


def _save(endpoint: Endpoint) -> None:
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError:
        raise Refused(_("同じ名前の接続先がすでにあります。"), field="name") from None


def _said(endpoint: Endpoint) -> dict[str, Any]:
    """What the ledger keeps of it: never the key."""
    return {
        "purpose": endpoint.purpose,
        "base_url": endpoint.base_url,
        "model": endpoint.model,
        "yen_in": str(endpoint.yen_in),
        "yen_out": str(endpoint.yen_out),
    }


def record(municipality: Municipality, by: Person | None, subject: str, outputs: dict[str, Any]) -> None:
    ledger.record(municipality, system=SYSTEM, kind="gate", subject=subject, actor=by, outputs=outputs)
