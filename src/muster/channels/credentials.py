"""Whether a provider accepts the credentials that are set, as `muster doctor` says it."""

from muster.base.postgres import Finding
from muster.channels.abilities import Checks


async def examined(name: str, channel: Checks) -> list[Finding]:
    """A finding if there are credentials to try; nothing is sent to anybody."""
    receipt = await channel.check()
    if receipt is None:
        return []
    accepted = receipt.outcome.sent
    return [Finding(name, accepted, f"{name} knows Muster as {receipt.reason}." if accepted else receipt.reason)]
