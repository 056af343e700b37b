"""Exchanging keys so that a kill at any moment leaves everything readable, and doing it again finishes it."""

import os
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from muster.base.access import SYSTEM, Permission
from muster.base.db.database import Database
from muster.base.epochs import next_epoch
from muster.base.secrets import add_key, load_secrets
from muster.base.settings import Settings
from muster.base.unit import Unit
from muster.channels.store import remember
from muster.channels.web_push.actions import CHANNEL as PUSH
from muster.channels.web_push.actions import NAME as VAPID
from muster.channels.web_push.actions import ROW as VAPID_ROW
from muster.channels.web_push.crypto import Vapid
from muster.kit.errors import Conflict
from muster.ledger import store
from muster.ledger.actions import record
from muster.ledger.actions.keyfile import KEY_FILE, load_or_create_key
from muster.ledger.actions.sealing import write_seal
from muster.ledger.event import Event
from muster.ledger.events import LEDGER_KEY_ROTATED, LEDGER_SEALED, STREAM
from muster.ledger.key import LedgerKey, key_text
from muster.ledger.succession import succession_data
from muster.operations.events import LINK_KEY_ROTATED, PUSH_KEY_ROTATED, SECRETS_SEALED_ANEW
from muster.operations.store.sealed import seal_anew, sealed_with
from muster.paging.actions.links import KEY as LINKS
from muster.people.actions.linking import retire
from muster.people.store import contact_rows

NEXT = ".next"


async def rotate_secrets(database: Database, settings: Settings, reason: str) -> dict[str, object]:
    """Seal all secrets at rest with a new key. With a key file the key is made; with MUSTER_SECRET_KEY it is there already.

    Where secrets are left that an earlier key sealed, they are sealed with the present one and no further key is made: that is
    a rotation which was cut short, or the new key of MUSTER_SECRET_KEY.

    Raises:
        Conflict: MUSTER_SECRET_KEY holds no new key. Invalid: a key that is needed is not there.
    """
    secrets = load_secrets(settings.data_dir, settings.secret_key)
    async with database.unit(SYSTEM) as unit:
        used = await sealed_with(unit.conn)
    if not set(used) - {secrets.names[0]}:
        if settings.secret_key.strip():
            raise Conflict(
                "There is no new key to rotate to.",
                "Put one before the present one: MUSTER_SECRET_KEY=NEW,OLD (make it with: head -c 32 /dev/urandom | base64).",
            )
        add_key(settings.data_dir)
        secrets = load_secrets(settings.data_dir)
    async with database.unit(SYSTEM) as unit:
        unit.allow(Permission.SETTINGS_MANAGE)
        many = await seal_anew(unit.conn, secrets)
        await record(unit, Event(STREAM, SECRETS_SEALED_ANEW, {"secrets": many, "key": secrets.names[0]}, reason))
    return {"sealed_anew": many, "key": secrets.names[0], "earlier_keys": list(secrets.names[1:])}


async def rotate_links(database: Database, reason: str) -> dict[str, object]:
    """End all one-tap links that are out."""
    async with database.unit(SYSTEM) as unit:
        unit.allow(Permission.SETTINGS_MANAGE)
        number = await next_epoch(unit.conn, LINKS, unit.now)
        await record(unit, Event(STREAM, LINK_KEY_ROTATED, {"generation": number}, reason))
    return {"generation": number}


async def rotate_push(database: Database, settings: Settings, reason: str) -> dict[str, object]:
    """Make another key pair for web push; browsers that subscribed to the old one are told no more, and are taken out of use."""
    secrets = load_secrets(settings.data_dir, settings.secret_key)
    async with database.unit(SYSTEM) as unit:
        unit.allow(Permission.SETTINGS_MANAGE)
        gone = [
            contact
            for of_person in (
                await contact_rows.contacts_of(unit.conn, await contact_rows.reached_by(unit.conn, PUSH))
            ).values()
            for contact in of_person
            if contact.kind == PUSH
        ]
        await remember(unit.conn, PUSH, VAPID, secrets.seal(Vapid.generate().pem, VAPID_ROW), unit.now)
        await retire(unit, gone, "The key for web push was exchanged: subscribe again in this browser.")
        await record(unit, Event(STREAM, PUSH_KEY_ROTATED, {"browsers": len(gone)}, reason))
    return {"browsers_to_subscribe_again": len(gone)}


async def rotate_ledger_key(database: Database, data_dir: Path, reason: str) -> dict[str, object]:
    """Sign the ledger with a new key; the change is sealed by the old key and by the new one."""
    path = data_dir / KEY_FILE
    before, following = load_or_create_key(path), path.with_name(path.name + NEXT)
    if not following.exists():
        _write_key(following, path)
    after = load_or_create_key(following)
    async with database.unit(SYSTEM) as unit:
        unit.allow(Permission.LEDGER_SEAL)
        if not await _recorded(unit, after):
            await record(unit, Event(STREAM, LEDGER_KEY_ROTATED, succession_data(before, after), reason))
            await write_seal(unit, before)
            await record(unit, Event(STREAM, LEDGER_SEALED, reason="The first seal of the new key."))
            await write_seal(unit, after)
    following.replace(path)
    return {"before": key_text(before.public), "after": key_text(after.public)}


async def _recorded(unit: Unit, key: LedgerKey) -> bool:
    known = await store.newest(unit.conn, store.StoredEntryFilter(kind=LEDGER_KEY_ROTATED.name), 1000)
    return any(entry.data.get("after") == key_text(key.public) for entry in known if isinstance(entry.data, dict))


def _write_key(path: Path, like: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    owner = like.stat()
    if os.geteuid() == 0:
        os.chown(draft, owner.st_uid, owner.st_gid)
    draft.replace(path)
