"""Background work: the periodic seal, and the counting of repeated refusals."""

from datetime import timedelta

from muster.base.unit import Unit
from muster.base.work import Job, Leased, enqueue
from muster.base.work.runner import Handler
from muster.ledger.actions import denial
from muster.ledger.actions.sealing import write_seal
from muster.ledger.key import LedgerKey

SEAL = "ledger.seal"
SEAL_EVERY = timedelta(minutes=10)


async def begin_sealing(unit: Unit) -> None:
    """Enqueue the first periodic seal at start; later starts and other nodes change nothing."""
    await enqueue(unit, [Job(SEAL, "periodic", run_at=unit.now + SEAL_EVERY)])


def handlers(key: LedgerKey) -> dict[str, Handler]:
    """The job kinds of this feature."""

    async def seal(leased: Leased) -> None:
        async with leased.finish() as unit:
            await write_seal(unit, key)
            await begin_sealing(unit)

    async def denials(leased: Leased) -> None:
        async with leased.finish() as unit:
            await denial.record_repeats(unit, leased.job.key)

    return {SEAL: seal, denial.JOB: denials}
