"""Where may be called from where."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.gate.egress import (
    REACHES,
    Destination,
    EgressRefused,
    Profile,
    Reach,
    check_addresses,
    check_destination,
    find,
    parse,
)

CLOUD = Destination("https", "api.example.jp", 443, Reach.INTERNET, basis="決裁 情第12号")
ASP = Destination("https", "ai.asp.lgwan.jp", 443, Reach.LGWAN, ("10.20.0.0/16",))
SERVER = Destination("http", "gpu1", 8000, Reach.ZONE, ("192.168.5.0/24", "fd00:5::/64"))
HERE = Destination("http", "127.0.0.1", 11434, Reach.HERE)


def refused(profile: Profile, one: Destination) -> str:
    try:
        check_destination(one, profile)
    except EgressRefused as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("profile", "here", "server", "asp", "cloud"),
    [
        (Profile.CLOSED, "", "reach", "reach", "reach"),
        (Profile.ALPHA, "", "", "", "reach"),
        (Profile.ALPHA_PRIME, "", "", "", ""),
        (Profile.BETA, "", "", "reach", ""),
        (Profile.BETA_PRIME, "", "", "reach", ""),
    ],
)
def test_each_profile_reaches_what_it_says(
    profile: Profile, here: str, server: str, asp: str, cloud: str
) -> None:
    assert [refused(profile, one) for one in (HERE, SERVER, ASP, CLOUD)] == [here, server, asp, cloud]


def test_every_profile_is_written_down() -> None:
    assert set(REACHES) == set(Profile)


@pytest.mark.parametrize("profile", [Profile.ALPHA_PRIME, Profile.BETA_PRIME])
def test_a_breakout_names_the_decision_that_allowed_it(profile: Profile) -> None:
    assert refused(profile, Destination("https", "api.example.jp", 443, Reach.INTERNET, basis=" ")) == "basis"


@pytest.mark.parametrize("profile", [Profile.ALPHA_PRIME, Profile.BETA, Profile.BETA_PRIME])
def test_the_internet_is_called_over_tls_only(profile: Profile) -> None:
    plain = Destination("http", "api.example.jp", 80, Reach.INTERNET, basis="決裁")
    assert refused(profile, plain) == "tls"


def test_a_server_needs_its_networks() -> None:
    assert refused(Profile.ALPHA, Destination("http", "gpu1", 8000, Reach.ZONE)) == "networks"


def test_find_compares_scheme_host_and_port() -> None:
    allowed = [HERE, SERVER, CLOUD]
    assert find("https://API.example.jp/v1", Profile.BETA, allowed) is CLOUD
    assert find("https://api.example.jp:443/openai/v1", Profile.BETA, allowed) is CLOUD
    for url in (
        "http://api.example.jp/v1",
        "https://api.example.jp:8443/v1",
        "https://api.example.jp.evil.example/v1",
        "https://evil.example/api.example.jp",
        "http://127.0.0.1:11435/v1",
        "http://[::1]:11434/v1",
        "http://2130706433:11434/v1",
        "http://0x7f.1:11434/v1",
    ):
        with pytest.raises(EgressRefused, match="not_listed"):
            find(url, Profile.BETA, allowed)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example.jp",
        "ftp://api.example.jp/",
        "file:///etc/passwd",
        "https://user@api.example.jp/",
        "https://api.example.jp@evil.example/",
        "https://api.example.jp\\@evil.example/",
        "https://api.example.jp/?key=1",
        "https://api.example.jp/#x",
        "https://api.example.jp:99999/",
        "https://api.example.jp /v1",
        "https://api.example.jp/\nHost: evil",
        "https://[::1",
    ],
)
def test_parse_takes_only_plain_addresses(url: str) -> None:
    with pytest.raises(EgressRefused, match="url"):
        parse(url)


@given(st.text())
def test_parse_never_raises_anything_else(url: str) -> None:
    try:
        scheme, host, port = parse(url)
    except EgressRefused:
        return
    assert scheme in ("http", "https")
    assert host == host.lower()
    assert 0 < port < 65536


@pytest.mark.parametrize(
    ("one", "addresses"),
    [
        (HERE, ["127.0.0.1"]),
        (HERE, ["127.0.0.1", "::1"]),
        (SERVER, ["192.168.5.9"]),
        (SERVER, ["fd00:5::7"]),
        (ASP, ["10.20.3.4"]),
        (CLOUD, ["52.1.2.3", "2606:4700::1111"]),
    ],
)
def test_addresses_where_the_list_says_are_taken(one: Destination, addresses: list[str]) -> None:
    assert check_addresses(one, addresses) == tuple(addresses)


@pytest.mark.parametrize(
    ("one", "addresses"),
    [
        (CLOUD, ["10.0.0.1"]),
        (CLOUD, ["127.0.0.1"]),
        (CLOUD, ["169.254.169.254"]),
        (CLOUD, ["::1"]),
        (CLOUD, ["::ffff:192.168.1.1"]),
        (CLOUD, ["fe80::1%eth0"]),
        (CLOUD, ["0.0.0.0"]),
        (CLOUD, ["100.64.0.1"]),
        (CLOUD, ["224.0.0.1"]),
        (CLOUD, ["52.1.2.3", "10.0.0.1"]),
        (SERVER, ["192.168.6.9"]),
        (SERVER, ["52.1.2.3"]),
        (ASP, ["10.21.0.1"]),
        (ASP, ["127.0.0.1"]),
        (HERE, ["192.168.5.9"]),
        (HERE, ["52.1.2.3"]),
    ],
)
def test_one_address_elsewhere_spoils_a_name(one: Destination, addresses: list[str]) -> None:
    with pytest.raises(EgressRefused, match="address"):
        check_addresses(one, addresses)


def test_link_local_is_never_a_server_even_where_the_list_names_it() -> None:
    metadata = Destination("http", "metadata", 80, Reach.ZONE, ("169.254.0.0/16", "0.0.0.0/0"))
    with pytest.raises(EgressRefused, match="address"):
        check_addresses(metadata, ["169.254.169.254"])


def test_a_name_without_address_is_told() -> None:
    with pytest.raises(EgressRefused, match="name"):
        check_addresses(CLOUD, [])


@given(st.ip_addresses())
def test_what_the_internet_line_takes_is_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    try:
        check_addresses(CLOUD, [str(address)])
    except EgressRefused:
        return
    inner = (address.is_private, address.is_loopback, address.is_link_local, address.is_multicast)
    assert not any(inner)
