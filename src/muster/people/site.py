"""The site to which passkeys belong, from the address that people reach Muster at (pure)."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """`id` is the host that passkeys are bound to, `origin` where pages must come from; `obstacle` is why there are none."""

    id: str
    origin: str
    obstacle: str = ""


def site_of(base_url: str) -> Site:
    """The site of an address. A loopback address stands for localhost: browsers make no passkeys for bare addresses."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").lower()
    loopback, bare = _numbers(host)
    if loopback:
        host = "localhost"
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}.get(parts.scheme) else ""
    origin = f"{parts.scheme}://{host}{port}"
    if bare and not loopback:
        return Site(host, origin, "Passkeys need a name: set MUSTER_PUBLIC_URL to an https address with a host name.")
    if parts.scheme != "https" and host != "localhost":
        return Site(host, origin, "Passkeys need https: set MUSTER_PUBLIC_URL to the https address of Muster.")
    return Site(host, origin)


def _numbers(host: str) -> tuple[bool, bool]:
    try:
        address = ip_address(host)
    except ValueError:
        return False, False
    return address.is_loopback, True
