"""Background work: the periodic seal, and the counting of repeated refusals."""

from datetime import timedelta

from muster.base.unit import Unit
from muster.base.work import Job, Leased, enqueue
from muster.base.work.runner import Handler
from muster.ledger import store
from muster.ledger.actions import denial
from muster.ledger.actions.append import SEAL, SOON
from muster.ledger.actions.outside import Send
from muster.ledger.actions.sealing import write_seal
from muster.ledger.key import LedgerKey

SEND = "ledger.send"
SEAL_EVERY = timedelta(minutes=10)


async def begin_sealing(unit: Unit) -> None:
    """Enqueue the first periodic seal at start; later starts and other nodes change nothing."""
    await enqueue(unit, [Job(SEAL, "periodic", run_at=unit.now + SEAL_EVERY)])


def handlers(key: LedgerKey, send: Send | None = None) -> dict[str, Handler]:
    """The job kinds of this feature; `send` takes each seal away from this machine."""

    async def seal(leased: Leased) -> None:
        async with leased.finish() as unit:
            made = await write_seal(unit, key)
            if made and send:
                await enqueue(unit, [Job(SEND, str(made.number))])
            if leased.job.key != SOON:
                await begin_sealing(unit)

    async def send_away(leased: Leased) -> None:
        async with leased.database.read() as conn:
            found = await store.seals(conn, 1, int(leased.job.key) + 1)
        if send and found:
            await send(found[0])
        async with leased.finish():
            pass

    async def denials(leased: Leased) -> None:
        async with leased.finish() as unit:
            await denial.record_repeats(unit, leased.job.key)

    return {SEAL: seal, SEND: send_away, denial.JOB: denials}
