"""Lists of addresses and networks, as settings name them (pure)."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from muster.kit.errors import Fault, Invalid

Network = IPv4Network | IPv6Network


@lru_cache(maxsize=16)
def networks(text: str, field: str) -> tuple[Network, ...]:
    """The networks of a list such as `10.0.0.0/8, ::1`.

    Raises:
        Invalid: with each part that is none.
    """
    found, faults = [], []
    for part in text.replace(",", " ").split():
        try:
            found.append(ip_network(part))
        except ValueError as error:
            fix = "Write addresses and networks separated by commas, such as 10.0.0.0/8,::1."
            faults.append(Fault(field, f"{part!r} is no network: {error}.", fix))
    if faults:
        raise Invalid("Some settings cannot be read.", faults=faults)
    return tuple(found)


def within(address: str, known: tuple[Network, ...]) -> bool:
    """Whether an address is in one of the networks; what is no address is in none."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed.version == network.version and parsed in network for network in known)
