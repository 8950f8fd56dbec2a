"""Where a model may be called, from which network zone: profiles, an allow-list, and the addresses behind a name.

The profiles follow the network models of MIC's 「地方公共団体における情報セキュリティポリシーに関するガイドライン」
(edition of October 2024, which added the α' model) in our own, stricter words. They say what *this program* calls;
they do not configure a network, and are no substitute for its firewalls.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach(StrEnum):
    """How far away a destination is."""

    HERE = "here"
    """This very machine (loopback)."""
    ZONE = "zone"
    """A server of the same network zone, in networks that are named."""
    LGWAN = "lgwan"
    """A service on LGWAN (LGWAN-ASP), in networks that are named."""
    INTERNET = "internet"
    """A public address, over TLS only."""


class Profile(StrEnum):
    """The network model of the place this program runs in."""

    CLOSED = "closed"
    ALPHA = "alpha"
    ALPHA_PRIME = "alpha_prime"
    BETA = "beta"
    BETA_PRIME = "beta_prime"


REACHES: dict[Profile, frozenset[Reach]] = {
    Profile.CLOSED: frozenset({Reach.HERE}),
    # Terminals stand in the LGWAN zone, which has no way to the internet.
    Profile.ALPHA: frozenset({Reach.HERE, Reach.ZONE, Reach.LGWAN}),
    # As α, with a local breakout from the LGWAN zone to cloud services that were approved one by one.
    Profile.ALPHA_PRIME: frozenset(Reach),
    # Terminals stand in the internet zone; what stays in the LGWAN zone is not reached from there.
    Profile.BETA: frozenset({Reach.HERE, Reach.ZONE, Reach.INTERNET}),
    # As β, with business systems in the internet zone too.
    Profile.BETA_PRIME: frozenset({Reach.HERE, Reach.ZONE, Reach.INTERNET}),
}
NEEDS_BASIS: frozenset[Profile] = frozenset({Profile.ALPHA_PRIME, Profile.BETA_PRIME})
"""Where an internet destination must name the decision that allowed it: the zone holds the town's own systems."""


class EgressRefused(Exception):
    """This may not be called from here; ``code`` says why (``url``, ``not_listed``, ``reach``, ``basis``, ``tls``,
    ``networks``, ``address``, ``name``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Destination:
    """A line of the allow-list."""

    scheme: str
    host: str
    """Lower case, as it is written in the address."""
    port: int
    reach: Reach
    networks: tuple[str, ...] = ()
    """``10.1.0.0/16``: where ``ZONE`` and ``LGWAN`` names must resolve to."""
    basis: str = ""
    """The decision that allowed it."""


def parse(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an endpoint's address. EgressRefused("url") for anything but a plain one:
    no user name or password, query, fragment, blanks or control characters."""
    if any(char.isspace() or not char.isprintable() for char in url) or "\\" in url:
        raise EgressRefused("url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise EgressRefused("url") from None
    plain = not (parts.username or parts.password or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise EgressRefused("url")
    return parts.scheme, parts.hostname.lower(), port or (443 if parts.scheme == "https" else 80)


def check_destination(destination: Destination, profile: Profile) -> None:
    """Whether a line of the allow-list may stand under ``profile``. Raises EgressRefused."""
    if destination.reach not in REACHES[profile]:
        raise EgressRefused("reach")
    if destination.reach in (Reach.ZONE, Reach.LGWAN) and not destination.networks:
        raise EgressRefused("networks")
    if destination.reach == Reach.INTERNET:
        if destination.scheme != "https":
            raise EgressRefused("tls")
        if profile in NEEDS_BASIS and not destination.basis.strip():
            raise EgressRefused("basis")


def find(url: str, profile: Profile, allowed: Sequence[Destination]) -> Destination:
    """The line of the allow-list under which ``url`` may be called from ``profile``. Raises EgressRefused."""
    target = parse(url)
    for one in allowed:
        if (one.scheme, one.host, one.port) == target:
            check_destination(one, profile)
            return one
    raise EgressRefused("not_listed")


def check_addresses(destination: Destination, addresses: Sequence[str]) -> tuple[str, ...]:
    """The addresses a name stands for, if every one of them lies where the allow-list says.

    One that does not spoils them all: a name that also answers with an address inside the town's network is
    how a rebinding attack looks. Raises EgressRefused("name") for none, EgressRefused("address") else.
    """
    if not addresses:
        raise EgressRefused("name")
    if not all(_fits(destination, ipaddress.ip_address(one.partition("%")[0])) for one in addresses):
        raise EgressRefused("address")
    return tuple(dict.fromkeys(addresses))


def _fits(destination: Destination, address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if destination.reach == Reach.HERE:
        return address.is_loopback
    if destination.reach == Reach.INTERNET:
        return address.is_global and not address.is_multicast
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False  # where clouds keep their instances' credentials, for one
    networks = (ipaddress.ip_network(one) for one in destination.networks)
    return any(address.version == network.version and address in network for network in networks)
