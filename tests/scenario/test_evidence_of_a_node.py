"""What Muster itself cannot do to its ledger, nobody can who speaks through Muster's own role."""

from typing import Any

import asyncpg
import pytest
from tests.running import Running

from muster.base.postgres import running_args

TAMPERING = (
    "ALTER TABLE ledger_events DISABLE TRIGGER ALL",
    "DELETE FROM ledger_events",
    "UPDATE ledger_seals SET number = number",
    "TRUNCATE ledger_events",
    "DROP TABLE ledger_seals CASCADE",
    "ALTER TABLE ledger_events RENAME TO gone",
    "ALTER SCHEMA public RENAME TO gone",
    "SET ROLE muster_keeper",
)


async def test_the_role_that_muster_works_with_only_adds_to_the_ledger() -> None:
    async with Running() as muster:
        await muster.init()
        for _ in range(2):
            connect: dict[str, Any] | None = running_args(muster.folder / "data")
            assert connect is not None
            conn = await asyncpg.connect(**connect)
            for statement in TAMPERING:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await conn.execute(statement)
            await conn.close()
            assert (await muster.json("ledger", "verify"))["sound"]
            # Again after a restart, for which migrations had the tables back.
            await muster.stop()
            await muster.start()
