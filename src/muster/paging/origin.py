"""Which messages share a receiver: what hangs for one of them hangs for all of them, and for no other."""

from urllib.parse import urlsplit

from muster.paging.channel import Receipt, SendOutcome


def origin_of(channel: str, address: str, route: str) -> str:
    """The receiver of a channel's address: the host where the address names one, else the vendor that carries the channel."""
    scheme, apart, _ = address.partition("://")
    if not apart:
        return f"{channel}:{route}"
    try:
        # Without user and password: they are secrets, and no part of where it is.
        host = urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        host = ""
    return f"{scheme.lower()}://{host}" if host else f"{channel}:{route}"


def held_back(name: str, silent: int) -> Receipt:
    """The receipt of a message that was not tried, because its receiver was silent so many times in a row."""
    reason = (
        f"{name} did not answer the last {silent} messages. Until it answers again, Muster tries it with one message at a time, "
        "and this was not the one."
    )
    return Receipt(SendOutcome.RETRY, reason, held_back=True)


def shown(origin: str) -> str:
    """An origin as people read it: the host of an address, else the vendor or the channel."""
    if "://" in origin:
        return origin.partition("://")[2]
    channel, _, route = origin.partition(":")
    return route or channel
