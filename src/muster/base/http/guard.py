"""Which addresses Muster connects to on somebody's word: without this, a webhook could read a cloud's metadata service.

Names are resolved here and the connection is made to the very address that was judged, so that a second look-up with
another answer (DNS rebinding) changes nothing. Tables after the IANA special-purpose registries (RFC 6890).
"""

import asyncio
import socket
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from muster.base.http.failure import Failure, Unreachable


class AddressKind(StrEnum):
    """What kind of place an address is."""

    PUBLIC = "public"
    PRIVATE = "private"
    NEVER = "never"


_PRIVATE = [
    ip_network(network)
    for network in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
]
_METADATA = [ip_network(network) for network in ("168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::254/128")]
_SPECIAL = [
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
]
_GLOBAL6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def judge(address: str) -> AddressKind:
    """The kind of an IP address in text; addresses that carry an IPv4 address inside are judged by that one.

    NEVER is what no setting opens: metadata services, link-local, multicast, reserved and documentation ranges.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return AddressKind.NEVER
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            return AddressKind.NEVER
        if parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        elif parsed in _NAT64:
            parsed = IPv4Address(int(parsed) & 0xFFFFFFFF)
    if any(parsed in network for network in _METADATA):
        return AddressKind.NEVER
    if any(parsed in network for network in _PRIVATE):
        return AddressKind.PRIVATE
    if any(parsed in network for network in _SPECIAL) or (isinstance(parsed, IPv6Address) and parsed not in _GLOBAL6):
        return AddressKind.NEVER
    return AddressKind.PUBLIC


def permitted(address: str, allow_private: bool) -> bool:
    """Whether a connection to this address may be made."""
    reach = judge(address)
    return reach is AddressKind.PUBLIC or (allow_private and reach is AddressKind.PRIVATE)


async def resolve(host: str, port: int, allow_private: bool) -> list[str]:
    """The addresses of a host that may be connected to, in the resolver's order of preference.

    Raises:
        Unreachable: UNKNOWN_HOST when the name has none, FORBIDDEN when all that it has are off limits.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(Failure.UNKNOWN_HOST, f"The name {host} was not found ({_plain(error)}).") from error
    addresses = list(dict.fromkeys(str(address_info[4][0]) for address_info in found))
    open_ones = [address for address in addresses if permitted(address, allow_private)]
    if open_ones:
        return open_ones
    private = any(judge(address) is AddressKind.PRIVATE for address in addresses)
    fix = " Set MUSTER_ALLOW_PRIVATE_TARGETS=1 if that is meant." if private else ""
    where = "a private or loopback address" if private else "an address that is not on the public internet"
    raise Unreachable(Failure.FORBIDDEN, f"{host} is {where}, which Muster does not connect to.{fix}")


def _plain(error: BaseException) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
