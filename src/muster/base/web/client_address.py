"""Where a request comes from, when proxies stand before Muster (pure).

A proxy appends the address it was called from, so the list is read from its end, and only as far as its writers are trusted: the
first address that is none of ours is the caller's. What stands before it was written by the caller, and means nothing.
"""

import re
from collections.abc import Sequence
from ipaddress import ip_address

from muster.kit.networks import Network, within

_FOR = re.compile(r'(?:^|[;,])\s*for=("[^"]*"|[^;,\s]*)', re.IGNORECASE)


def caller_of(peer: str, headers: Sequence[tuple[str, str]], trusted: Sequence[Network]) -> str:
    """The caller's address: `peer`, or what trusted proxies say in X-Forwarded-For, else in Forwarded (RFC 7239)."""
    found = peer
    for hop in reversed(_hops(headers)):
        if not within(found, tuple(trusted)) or (said := _address(hop)) is None:
            break
        found = said
    return found


def _hops(headers: Sequence[tuple[str, str]]) -> list[str]:
    # Both together come of a caller that wrote one of them; ours write the first.
    if listed := [value for name, value in headers if name == "x-forwarded-for"]:
        return ",".join(listed).split(",")
    return _FOR.findall(",".join(value for name, value in headers if name == "forwarded"))


def _address(text: str) -> str | None:
    text = text.strip().strip('"')
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ip_address(host))
    except ValueError:
        return None
