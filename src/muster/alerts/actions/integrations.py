"""Adding, changing and removing sources of signals, and their keys."""

import secrets as randomness
from datetime import timedelta
from typing import Any
from uuid import UUID

from muster.alerts.events import (
    INTEGRATION_CHANGED,
    INTEGRATION_CREATED,
    INTEGRATION_DELETED,
    INTEGRATION_KEY_ENDED,
    INTEGRATION_KEY_ROTATED,
    INTEGRATION_KEY_SHOWN,
)
from muster.alerts.happenings import IntegrationDeleting
from muster.alerts.integration import Integration, key_digest, key_row, secret_row
from muster.alerts.integration_draft import Forms, IntegrationDraft
from muster.alerts.store import alerts
from muster.alerts.store import integrations as store
from muster.base.access import Permission
from muster.base.secrets import Secrets
from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.duration import parse_duration
from muster.kit.errors import Broken, Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event

CHANGED = "integrations"
"""The live topic; intake empties its memory of keys by it, on every node."""
KEY_BYTES = 27
KEY_END = "integration.key_end"
LONGEST_OVERLAP = timedelta(days=30)


async def create(unit: Unit, draft: IntegrationDraft, forms: Forms, secrets: Secrets) -> tuple[Integration, str]:
    """Add an integration; returns it with its key.

    Raises:
        Invalid: with every fault of the draft. Conflict: the name or the key is taken.
    """
    unit.allow(Permission.INTEGRATION_MANAGE)
    return await add(unit, draft, forms, secrets)


async def add(unit: Unit, draft: IntegrationDraft, forms: Forms, secrets: Secrets) -> tuple[Integration, str]:
    """Validate and write a new integration with its event; the caller has checked the permission."""
    _check(draft, forms)
    if await store.by_name(unit.conn, draft.name):
        raise Conflict(f"There is an integration `{draft.name}` already.", "Choose another name.")
    key = draft.key or randomness.token_urlsafe(KEY_BYTES)
    await _refuse_taken(unit, key)
    id_ = new_id(unit.now)
    integration = Integration(
        id=id_,
        name=draft.name,
        title=draft.title,
        format=draft.format,
        options=draft.options,
        active=draft.active,
        created_at=unit.now,
        last_signal_at=None,
        secret_sealed=secrets.seal(draft.secret, secret_row(id_)) if draft.secret else "",
    )
    await store.insert(unit.conn, integration, key_digest(key), secrets.seal(key, key_row(integration.id)))
    await record(unit, Event(stream(integration), INTEGRATION_CREATED, {"name": draft.name, **_fields(draft)}))
    unit.publish(CHANGED)
    return integration, key


async def update(unit: Unit, name: str, draft: IntegrationDraft, forms: Forms, secrets: Secrets) -> Integration:
    """Change an integration to what the draft says; the name stays, and the key too where none is given.

    Raises:
        Missing; Invalid: with every fault; Conflict: the key is taken.
    """
    unit.allow(Permission.INTEGRATION_MANAGE)
    await change(unit, await existing(unit, name), draft.model_copy(update={"name": name}), forms, secrets)
    return await existing(unit, name)


async def change(
    unit: Unit, integration: Integration, draft: IntegrationDraft, forms: Forms, secrets: Secrets
) -> dict[str, dict[str, Any]]:
    """Validate and write what differs, with its event; the caller has checked the permission. Returns the difference.

    The difference of a key or a secret says only that it changed.
    """
    _check(draft, forms)
    before, after = _fields(draft_of(integration)), _fields(draft)
    changed = {key: {"from": before[key], "to": after[key]} for key in after if before[key] != after[key]}
    values = {name: difference["to"] for name, difference in changed.items()}
    if draft.key and draft.key != await _key(unit, integration, secrets):
        await _refuse_taken(unit, draft.key)
        values |= _key_columns(integration, draft.key, secrets)
        changed["key"] = {"from": "another", "to": "as given"}
    values |= _secret_column(integration, draft, forms, secrets)
    if "secret_sealed" in values:
        changed["secret"] = {"from": "another", "to": "as given" if values["secret_sealed"] else "none"}
    if values:
        await store.update(unit.conn, integration.id, values)
        data = {"name": integration.name, "changed": changed}
        await record(unit, Event(stream(integration), INTEGRATION_CHANGED, data))
        unit.publish(CHANGED)
    return changed


async def rotate(unit: Unit, name: str, secrets: Secrets, reason: str = "", overlap: str = "") -> str:
    """Give an integration a new random key and return it. The old one is refused at once, or after the duration `overlap`, so that
    a source can be changed over without a gap.

    Raises:
        Missing; Invalid: the overlap is no duration, or too long.
    """
    unit.allow(Permission.INTEGRATION_MANAGE)
    until = unit.now + _overlap(overlap) if overlap.strip() else None
    integration = await existing(unit, name)
    key = randomness.token_urlsafe(KEY_BYTES)
    await store.keep_earlier(unit.conn, integration.id, until)
    await store.update(unit.conn, integration.id, _key_columns(integration, key, secrets))
    if until is not None:
        await enqueue(unit, [Job(KEY_END, str(integration.id), run_at=until)])
    data = {"name": name, "earlier_key_until": until}
    await record(unit, Event(stream(integration), INTEGRATION_KEY_ROTATED, data, reason))
    unit.publish(CHANGED)
    return key


async def end_earlier_key(unit: Unit, integration_id: UUID) -> None:
    """Refuse the earlier key from now on, if its time is over."""
    if await store.end_earlier(unit.conn, integration_id, unit.now):
        await record(unit, Event(f"integration:{integration_id}", INTEGRATION_KEY_ENDED))
        unit.publish(CHANGED)


async def reveal(unit: Unit, name: str, secrets: Secrets) -> str:
    """The key of an integration; looking is recorded."""
    unit.allow(Permission.INTEGRATION_MANAGE)
    integration = await existing(unit, name)
    key = await _key(unit, integration, secrets)
    await record(unit, Event(stream(integration), INTEGRATION_KEY_SHOWN, {"name": name}))
    return key


async def delete(unit: Unit, name: str, reason: str = "") -> None:
    """Remove an integration with its alerts and signals.

    Raises:
        Missing; Conflict: alerts of it still fire, or other features say what still uses it.
    """
    unit.allow(Permission.INTEGRATION_MANAGE)
    integration = await existing(unit, name)
    leaving = IntegrationDeleting(integration)
    if firing := await alerts.count_active(unit.conn, integration.id):
        leaving.objections.append(
            f"{firing} of its alerts {'is' if firing == 1 else 'are'} not over; switch it off instead, or wait."
        )
    await unit.emit(leaving)
    if leaving.objections:
        raise Conflict(f"The integration `{name}` is in use.", " ".join(leaving.objections))
    await store.delete(unit.conn, integration.id)
    data = {"name": name, **_fields(draft_of(integration))}
    await record(unit, Event(stream(integration), INTEGRATION_DELETED, data, reason))
    unit.publish(CHANGED, "alerts")


async def existing(unit: Unit, name: str) -> Integration:
    """The integration of that name.

    Raises:
        Missing: there is none.
    """
    integration = await store.by_name(unit.conn, name)
    if integration is None:
        raise Missing(f"There is no integration `{name:.80}`.", "`muster integration list` names them all.")
    return integration


def draft_of(integration: Integration) -> IntegrationDraft:
    """The draft that would leave an integration as it is."""
    return IntegrationDraft(
        name=integration.name,
        format=integration.format,
        title=integration.title,
        options=integration.options,
        active=integration.active,
    )


def stream(integration: Integration) -> str:
    """The ledger stream of an integration."""
    return f"integration:{integration.id}"


def _check(draft: IntegrationDraft, forms: Forms) -> None:
    if faults := draft.faults(forms):
        raise Invalid(f"The integration `{draft.name:.80}` cannot be saved.", faults=faults)


async def _refuse_taken(unit: Unit, key: str) -> None:
    if await store.by_digest(unit.conn, key_digest(key)):
        fault = Fault("key", "This key belongs to another integration.", "Leave it out and Muster makes one.")
        raise Invalid("The integration cannot be saved.", faults=[fault])


async def _key(unit: Unit, integration: Integration, secrets: Secrets) -> str:
    return secrets.open(await store.sealed_key(unit.conn, integration.id), key_row(integration.id))


def _key_columns(integration: Integration, key: str, secrets: Secrets) -> dict[str, Any]:
    return {"key_digest": key_digest(key), "key_sealed": secrets.seal(key, key_row(integration.id))}


def _secret_column(integration: Integration, draft: IntegrationDraft, forms: Forms, secrets: Secrets) -> dict[str, Any]:
    """What becomes of the sender's secret: as given, or gone where the format knows none; nothing where it stays."""
    form, now = forms.get(draft.format), integration.secret_sealed
    if draft.secret:
        row = secret_row(integration.id)
        same = bool(now) and secrets.open(now, row) == draft.secret
        return {} if same else {"secret_sealed": secrets.seal(draft.secret, row)}
    gone = draft.secret == "" or form is None or not form.secret
    return {"secret_sealed": ""} if now and gone else {}


def _fields(draft: IntegrationDraft) -> dict[str, Any]:
    return {"title": draft.title, "format": draft.format, "options": draft.options, "active": draft.active}


def _overlap(text: str) -> timedelta:
    fix = "Write a duration such as 24h, 30 days at most."
    try:
        overlap = parse_duration(text.strip())
    except Broken as error:
        raise Invalid("The key cannot be exchanged like this.", faults=[Fault("overlap", error.rule, fix)]) from None
    if not timedelta(0) < overlap <= LONGEST_OVERLAP:
        fault = Fault("overlap", "The old key cannot work for ever.", fix)
        raise Invalid("The key cannot be exchanged like this.", faults=[fault])
    return overlap
