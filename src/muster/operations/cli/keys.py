"""`muster keys`: what keys there are, and exchanging them, on the machine that Muster runs on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import cyclopts

from muster.base.cli.output import Json, emit_facts, emit_table
from muster.base.db.database import Database
from muster.base.epochs import epochs
from muster.base.secrets import load_secrets
from muster.base.settings import Settings, read_settings
from muster.ledger.actions.keyfile import KEY_FILE, load_or_create_key
from muster.ledger.key import key_text
from muster.operations.actions.keys import rotate_ledger_key, rotate_links, rotate_push, rotate_secrets
from muster.operations.actions.setup import database_here
from muster.operations.store.sealed import sealed_with

COLUMNS = {"key": "key", "name": "name", "state": "state", "used": "secrets"}
RESTART = "Restart Muster (every node), so that it uses the new key."

T = TypeVar("T")

app = cyclopts.App(name="keys", help="Muster's own keys, on the machine that it runs on.")
rotate = cyclopts.App(name="rotate", help="Exchange a key.")
app.command(rotate)


@app.command(name="list")
def list_keys(*, json: Json = False) -> None:
    """List the keys: what each is for, its name, and how many secrets it has sealed. No key is shown."""
    settings = read_settings()
    emit_table(
        _run(settings, lambda database: _listed(database, settings)), COLUMNS, json=json, empty="There is no key yet."
    )


@rotate.command
def secrets(*, reason: str = "", json: Json = False) -> None:
    """Seal the secrets in the database (integration keys, contacts' secrets, second factors) with a new key.

    Parameters
    ----------
    reason
        Why, for the ledger.
    """
    settings = read_settings()
    done = _run(settings, lambda database: rotate_secrets(database, settings, reason))
    emit_facts({**done, "next": RESTART}, json=json)


@rotate.command
def links(*, reason: str = "", json: Json = False) -> None:
    """End all one-tap links that are out, and sign others with a new key.

    Parameters
    ----------
    reason
        Why, for the ledger.
    """
    done = _run(read_settings(), lambda database: rotate_links(database, reason))
    emit_facts({**done, "next": RESTART}, json=json)


@rotate.command
def push(*, reason: str = "", json: Json = False) -> None:
    """Make another key for web push. Every browser must subscribe again: until then it gets no pages.

    Parameters
    ----------
    reason
        Why, for the ledger.
    """
    settings = read_settings()
    done = _run(settings, lambda database: rotate_push(database, settings, reason))
    emit_facts(
        {**done, "next": f"{RESTART} Everybody then allows web push again, in each browser, under Me."}, json=json
    )


@rotate.command
def ledger(*, reason: str = "", json: Json = False) -> None:
    """Sign the ledger's seals with a new key; what the old one signed still verifies.

    Parameters
    ----------
    reason
        Why, for the ledger.
    """
    settings = read_settings()
    done = _run(settings, lambda database: rotate_ledger_key(database, settings.data_dir, reason))
    emit_facts({**done, "next": f"{RESTART} Keep the new public key outside of this machine."}, json=json)


def _run(settings: Settings, deed: Callable[[Database], Awaitable[T]]) -> T:
    from muster.base.logs import configure_logs

    configure_logs("warning", settings.log_format)

    async def run() -> T:
        async with database_here(settings) as database:
            return await deed(database)

    return asyncio.run(run())


async def _listed(database: Database, settings: Settings) -> list[dict[str, object]]:
    held = load_secrets(settings.data_dir, settings.secret_key)
    async with database.read() as conn:
        used, generation = await sealed_with(conn), (await epochs(conn)).get("links", 0)
    rows: list[dict[str, object]] = [
        {"key": "secrets", "name": name, "state": "earlier" if number else "present", "used": used.get(name, 0)}
        for number, name in enumerate(held.names)
    ]
    rows += [
        {"key": "secrets", "name": name, "state": "missing", "used": many}
        for name, many in used.items()
        if name not in held.names
    ]
    public = key_text(load_or_create_key(settings.data_dir / KEY_FILE).public)
    return [
        *rows,
        {"key": "links", "name": f"generation {generation}", "state": "present", "used": ""},
        {"key": "ledger", "name": public, "state": "present", "used": ""},
    ]
