"""What providers report of a message after they took it: it arrived, or it failed after all (R72)."""

from muster.base.unit import Unit
from muster.paging.channel import Outcome
from muster.paging.store import receipts


async def report(unit: Unit, channel: str, provider_id: str, outcome: Outcome, reason: str) -> bool:
    """Note a receipt. DELIVERED: it arrived; REFUSED or RETRY: it failed after all, and the next way is tried at once.

    Idempotent, in any order: an arrival outweighs a failure. One that comes before our own write is kept and counts then.
    Returns whether a delivery was meant that is known already.
    """
    await receipts.hold(unit.conn, channel, [provider_id])
    meant = await receipts.meant(unit.conn, channel, [provider_id])
    if not meant:
        await receipts.keep_early(unit.conn, channel, provider_id, outcome, reason, unit.now)
        return False
    return True
