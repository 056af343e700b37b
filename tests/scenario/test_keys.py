"""Keys are exchanged: nothing becomes unreadable, also not when it is cut short, and what was signed before still verifies."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.running import Running
from tests.scenario.story import KEY, Story

from muster.alerts.actions.integrations import reveal, rotate
from muster.base.postgres import running_args
from muster.base.secrets import Secrets, load_secrets
from muster.base.settings import Settings
from muster.channels.web_push.actions import Browsers
from muster.kit.errors import Conflict, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions.exporting import export
from muster.ledger.actions.keyfile import load_or_create_key
from muster.ledger.actions.verifying import verify
from muster.ledger.export import verify_export
from muster.ledger.key import parse_key
from muster.operations.actions import keys as rotating
from muster.operations.store.sealed import COLUMNS, sealed_with
from muster.people.store import contact_rows, person_rows

OLD = "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w="
NEW = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU="


class PowerCut(Exception):
    """The machine stops here."""


def settings(story: Story, secret_key: str = "") -> Settings:
    """Those of the story's node."""
    return Settings(data_dir=story.folder / "data", secret_key=secret_key)


async def used(story: Story) -> dict[str, int]:
    """Which keys have sealed something."""
    async with story.muster.database.read() as conn:
        return await sealed_with(conn)


async def test_secrets_are_sealed_anew_under_a_running_node(story: Story) -> None:
    before = story.muster.services.of(Secrets).names[0]
    done = await rotating.rotate_secrets(story.muster.database, settings(story), "yearly")
    held = load_secrets(story.folder / "data")
    assert await used(story) == {held.names[0]: done["sealed_anew"]}
    assert held.names[1:] == (before,)
    # The node that runs has never heard of the new key: it looks once more.
    async with story.unit() as unit:
        assert await reveal(unit, "prometheus", story.muster.services.of(Secrets)) == KEY
    await story.restart()
    async with story.unit() as unit:
        assert await reveal(unit, "prometheus", story.muster.services.of(Secrets)) == KEY
        told = await unit.conn.fetch("SELECT data, reason FROM ledger WHERE kind = 'SecretsSealedAnew'")
    assert [(row["data"]["key"], row["reason"]) for row in told] == [(held.names[0], "yearly")]


async def test_a_rotation_that_was_cut_short_is_finished_by_the_next(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stop(*_: Any) -> None:
        raise PowerCut

    before = story.muster.services.of(Secrets).names[0]
    with monkeypatch.context() as cut:
        cut.setattr(rotating, "record", stop)
        with pytest.raises(PowerCut):
            await rotating.rotate_secrets(story.muster.database, settings(story), "")
    assert set(await used(story)) == {before}
    await story.restart()
    async with story.unit() as unit:
        assert await reveal(unit, "prometheus", story.muster.services.of(Secrets)) == KEY
    await rotating.rotate_secrets(story.muster.database, settings(story), "")
    held = load_secrets(story.folder / "data")
    assert len(held.names) == 2, "it went on with the key that was made already"
    assert set(await used(story)) == {held.names[0]}


async def test_a_key_from_the_environment_is_rotated_by_naming_both(story: Story) -> None:
    file = load_secrets(story.folder / "data")
    present = (story.folder / "data" / "secret.key").read_text().split()[0]
    done = await rotating.rotate_secrets(story.muster.database, settings(story, f"{NEW},{present}"), "")
    assert (done["earlier_keys"], set(await used(story))) == ([file.names[0]], {done["key"]})
    with pytest.raises(Conflict) as refused:
        await rotating.rotate_secrets(story.muster.database, settings(story, NEW), "")
    assert "MUSTER_SECRET_KEY=NEW,OLD" in refused.value.detail


async def test_a_wrong_key_is_told_and_changes_nothing(story: Story) -> None:
    before = await used(story)
    with pytest.raises(Invalid) as refused:
        await rotating.rotate_secrets(story.muster.database, settings(story, f"{NEW},{OLD}"), "")
    (fault,) = refused.value.faults
    assert fault.field == f"key {next(iter(before))}"
    assert "is not there" in fault.rule
    assert "MUSTER_SECRET_KEY" in fault.fix
    assert await used(story) == before


async def test_every_sealed_column_is_known(story: Story) -> None:
    async with story.muster.database.read() as conn:
        columns = await conn.fetch(
            """SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = 'public' AND data_type = 'text'
               AND (column_name LIKE '%sealed%' OR column_name LIKE '%secret%')"""
        )
        tables = {
            row["table_name"]
            for row in await conn.fetch(
                "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
            )
        }
    known = {(column.table, column.column) for column in COLUMNS}
    found = {(row["table_name"], row["column_name"]) for row in columns if row["table_name"] in tables}
    assert found <= known, (
        "sealed by a key that `muster keys rotate secrets` exchanges: name them in operations/store/sealed.py"
    )


async def test_one_tap_links_that_are_out_end_with_their_key(story: Story) -> None:
    await story.fires("DiskFull")
    link = story.texts[0].link
    await rotating.rotate_links(story.muster.database, "a phone was lost")
    await story.restart()
    assert (await story.tap_link(link)).status_code == 403
    await story.fires("Other")
    assert (await story.tap_link(story.texts[-1].link)).status_code == 200


async def exported(story: Story) -> list[bytes]:
    """The ledger as a file, signed by the key that the node has on disk."""
    key = load_or_create_key(story.folder / "data" / "ledger.key")
    whole = b"".join([piece async for piece in export(story.muster.database, key)])
    return whole.splitlines(keepends=True)


async def test_the_ledger_is_signed_by_a_new_key_and_old_seals_still_verify(story: Story) -> None:
    path: Path = story.folder / "data" / "ledger.key"
    old = load_or_create_key(path)
    done = await rotating.rotate_ledger_key(story.muster.database, story.folder / "data", "yearly")
    new = load_or_create_key(path)
    assert (parse_key(str(done["before"])), parse_key(str(done["after"]))) == (old.public, new.public)
    assert old.public != new.public
    assert not path.with_name("ledger.key.next").exists()
    await story.restart()
    async with story.unit() as unit:
        verdict = await verify(unit, [new.public], {})
    assert verdict.sound, verdict.breaks
    lines = await exported(story)
    for trusted in (old.public, new.public):
        assert verify_export(lines, [trusted]).sound
    stranger = parse_key("ed25519:" + "A" * 43 + "=")
    assert not verify_export(lines, [stranger]).sound
    without = [line for line in lines if b"LedgerKeyRotated" not in line]
    assert not verify_export(without, [new.public]).sound


async def test_a_ledger_key_whose_exchange_was_cut_short_is_exchanged_by_the_next(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    path: Path = story.folder / "data" / "ledger.key"
    old = load_or_create_key(path)

    async def stop(*_: Any) -> None:
        raise PowerCut

    with monkeypatch.context() as cut:
        cut.setattr(rotating, "write_seal", stop)
        with pytest.raises(PowerCut):
            await rotating.rotate_ledger_key(story.muster.database, story.folder / "data", "")
    with monkeypatch.context() as cut:
        cut.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(PowerCut()))
        with pytest.raises(PowerCut):
            await rotating.rotate_ledger_key(story.muster.database, story.folder / "data", "")
    assert load_or_create_key(path).public == old.public
    assert verify_export(await exported(story), [old.public]).sound
    await rotating.rotate_ledger_key(story.muster.database, story.folder / "data", "")
    assert load_or_create_key(path).public != old.public
    assert await story.count("SELECT count(*) FROM ledger_events WHERE kind = 'LedgerKeyRotated'") == 1
    assert verify_export(await exported(story), [old.public]).sound


async def test_the_commands_run_beside_a_running_muster() -> None:
    async with Running() as muster:
        await muster.init()
        await muster.apply("{kind: Integration, name: prom, format: alertmanager, key: chosen-key-0123456789}")
        before = await muster.json("keys", "list")
        assert [row["key"] for row in before] == ["secrets", "links", "ledger"]
        assert before[0]["used"] == 1
        await muster.cli("keys", "rotate", "secrets", "--reason", "yearly")
        after = await muster.json("keys", "list")
        assert [row["state"] for row in after if row["key"] == "secrets"] == ["present", "earlier"]
        shown = (await muster.api("GET", "/api/v1/integrations/prom/key")).json()
        assert shown["key"] == "chosen-key-0123456789"
        assert "chosen-key" not in str(after)


async def test_an_integrations_old_key_works_until_its_overlap_is_over(story: Story) -> None:
    secrets = story.muster.services.of(Secrets)
    async with story.unit() as unit:
        for wrong in ("soon", "0s", "31d"):
            with pytest.raises(Invalid) as refused:
                await rotate(unit, "prometheus", secrets, overlap=wrong)
            assert refused.value.faults[0].field == "overlap"
        fresh = await rotate(unit, "prometheus", secrets, "a year has passed", "24h")

    async def takes(key: str) -> bool:
        try:
            return (await story.muster.intake.integration(key)).name == "prometheus"
        except Missing:
            return False

    assert (await takes(KEY), await takes(fresh)) == (True, True)
    await story.wait(hours=25)
    assert (await takes(KEY), await takes(fresh)) == (False, True)
    assert await story.count("SELECT count(*) FROM ledger_events WHERE kind = 'IntegrationKeyEnded'") == 1
    async with story.unit() as unit:
        newest = await rotate(unit, "prometheus", secrets)
    assert (await takes(fresh), await takes(newest)) == (False, True)


async def test_a_kill_in_the_middle_of_a_rotation_leaves_a_working_server() -> None:
    async with Running() as muster:
        await muster.init()
        await muster.apply("{kind: Integration, name: prom, format: alertmanager, key: chosen-key-0123456789}")
        connect = running_args(muster.folder / "data")
        assert connect is not None
        holder, onlooker = await asyncpg.connect(**connect), await asyncpg.connect(**connect)
        # Whoever holds a row lets the command get as far as that row and no further.
        hold = holder.transaction()
        await hold.start()
        await holder.execute("SELECT FROM integrations FOR UPDATE")
        words = (sys.executable, "-c", "from muster.app.cli import main; main()", "keys", "rotate", "secrets")
        command = await asyncio.create_subprocess_exec(*words, env=muster.environment)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%integrations%FOR UPDATE'"
        for _ in range(600):
            if await onlooker.fetchval(waiting):
                break
            await asyncio.sleep(0.05)
        else:
            raise AssertionError("the command never came to the row")
        command.kill()
        await command.wait()
        await hold.rollback()
        await holder.close()
        await onlooker.close()
        for _ in range(2):
            shown = (await muster.api("GET", "/api/v1/integrations/prom/key")).json()
            assert shown["key"] == "chosen-key-0123456789"
            await muster.kill()
            await muster.start()
        await muster.cli("keys", "rotate", "secrets", "--reason", "again")
        states = {row["state"]: row["used"] for row in await muster.json("keys", "list") if row["key"] == "secrets"}
        assert states == {"present": 1, "earlier": 0}
        assert (await muster.api("GET", "/api/v1/integrations/prom/key")).json()["key"] == "chosen-key-0123456789"


async def test_the_key_for_web_push_is_exchanged_when_asked_and_browsers_are_named(story: Story) -> None:
    before = await Browsers(story.muster.database, story.muster.services.of(Secrets)).keys()
    await rotating.rotate_secrets(story.muster.database, settings(story), "")
    assert (await Browsers(story.muster.database, story.muster.services.of(Secrets)).keys()).public == before.public
    async with story.unit() as unit:
        ana = await person_rows.person_named(unit.conn, "ana")
        assert ana
        await contact_rows.insert(unit.conn, new_id(unit.now), ana.id, "web_push", "{}", 9, None, unit.now)
    done = await rotating.rotate_push(story.muster.database, settings(story), "the database was copied")
    assert done == {"browsers_to_subscribe_again": 1}
    after = await Browsers(story.muster.database, load_secrets(story.folder / "data")).keys()
    assert after.public != before.public
    async with story.unit() as unit:
        assert await contact_rows.reached_by(unit.conn, "web_push") == []
        lost = await unit.conn.fetchval("SELECT reason FROM ledger WHERE kind = 'ContactLost'")
    assert "subscribe again" in lost
