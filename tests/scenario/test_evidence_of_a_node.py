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
    "SET muster.redacting = 'yes'; UPDATE ledger_events SET reason = ''",
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SELECT count(*) FROM ledger_redact('ledger', '{x}', 'x', 'another word')",
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


async def test_words_are_taken_out_by_erasing_somebody_and_by_nothing_else() -> None:
    async with Running() as muster:
        await muster.init()
        await muster.json("person", "create", "ana", "--email", "ana@contoso.example")
        await muster.json("person", "deactivate", "ana")
        would = await muster.json("person", "erase", "ana", "--dry-run")
        assert would["ledger_entries"] >= 2
        done = await muster.json("person", "erase", "ana", "--reason", "request 12", "--also", "Annie")
        assert done["pseudonym"] == would["pseudonym"]
        export, key = muster.folder / "ledger.jsonl", str((await muster.json("ledger", "key"))["public_key"])
        await muster.cli("ledger", "export", str(export))
        assert b"ana@contoso" not in export.read_bytes()
        said = await muster.cli("ledger", "verify", "--export", str(export), "--public-key", key)
        assert f"{done['ledger_entries']} entries redacted on" in said
        assert "request 12" in said
        assert said.strip().endswith("Sound: everything is as it was recorded.")
        connect: dict[str, Any] | None = running_args(muster.folder / "data")
        assert connect is not None
        conn = await asyncpg.connect(**connect)
        await conn.execute(
            "SELECT count(*) FROM ledger_redact('none', '{person}', 'root|system|person', 'erased-0123456789ab')"
        )
        await conn.close()
        assert '"sound":false' in (await muster.cli("ledger", "verify", "--json", code=1)).replace(" ", "")
