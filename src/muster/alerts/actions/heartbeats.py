"""Heartbeats: declaring them, hearing of them, and raising an alert where one stays away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec

from muster.alerts.actions.integrations import CHANGED, existing, stream
from muster.alerts.actions.receive import Item, receive
from muster.alerts.events import HEARTBEAT_CHANGED, HEARTBEAT_DECLARED, HEARTBEAT_FORGOTTEN
from muster.alerts.heartbeat import Heartbeat, Rhythm, failed, missing, read_name, returned
from muster.alerts.integration import Integration
from muster.alerts.port import Parsed, Request
from muster.alerts.signal import Signal
from muster.alerts.store import heartbeats as store
from muster.alerts.store import integrations
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.duration import format_duration
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event

MOST = 1000
"""Heartbeats of one integration: a name that changes with every call would otherwise fill the table with alarms."""
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Call:
    """A call that came in at `at`. `rhythm` is None where it says nothing of it; `failing` that all is not well."""

    integration: Integration
    name: str
    at: datetime
    rhythm: Rhythm | None = None
    failing: bool = False
    said: str = ""


async def hear(unit: Unit, calls: Sequence[Call]) -> dict[tuple[UUID, str], Heartbeat]:
    """Note calls; an alert ends with the first call after it, and begins with one that reports a failure.

    Raises:
        LostRace: run it again in a new unit. Conflict: an integration would have more than `MOST` heartbeats.
    """
    newest = {(call.integration.id, call.name): call for call in sorted(calls, key=lambda call: call.at)}
    rows = [
        (new_id(unit.now), call.integration.id, call.name, call.rhythm or Rhythm(), call.at) for call in newest.values()
    ]
    heartbeats = {(row.integration_id, row.name): row for row in await store.heard(unit.conn, rows)}
    begun = {row[0] for row in rows}
    await _refuse_too_many(unit, {row.integration_id for row in heartbeats.values() if row.id in begun})
    items = []
    for key, call in newest.items():
        heartbeat = heartbeats[key]
        if call.rhythm and not heartbeat.declared and heartbeat.rhythm != call.rhythm:
            await store.set_rhythm(unit.conn, heartbeat.id, call.rhythm)
            heartbeats[key] = heartbeat = replace(heartbeat, rhythm=call.rhythm)
        if call.failing:
            items.append(_item(call.integration, heartbeat, failed(heartbeat, unit.now, call.said), unit.now))
            await store.mark(unit.conn, [heartbeat.id], heartbeat.missing_since or unit.now)
        elif heartbeat.missing_since:
            items.append(_item(call.integration, heartbeat, returned(heartbeat, unit.now), unit.now))
            await store.mark(unit.conn, [heartbeat.id], None)
    if items:
        await receive(unit, items)
        unit.publish(*{f"integration:{item.integration.id}" for item in items})
    return heartbeats


async def watch(unit: Unit, awake_since: datetime) -> bool:
    """Raise the alerts of heartbeats that are newly missing; true if there may be more of them."""
    late = await store.overdue(unit.conn, unit.now, awake_since, AT_ONCE)
    if late:
        of = await integrations.by_ids(unit.conn, list({heartbeat.integration_id for heartbeat in late}))
        await store.mark(unit.conn, [heartbeat.id for heartbeat in late], unit.now)
        signals = [(of[heartbeat.integration_id], heartbeat, missing(heartbeat, unit.now)) for heartbeat in late]
        await receive(
            unit, [_item(integration, heartbeat, signal, unit.now) for integration, heartbeat, signal in signals]
        )
        unit.publish(*(f"integration:{id_}" for id_ in of))
    return len(late) == AT_ONCE


async def declare(
    unit: Unit, integration: str, name: str, rhythm: Rhythm, title: str = "", labels: dict[str, str] | None = None
) -> Heartbeat:
    """Say what must be heard of, and how often; it is expected from now on.

    Raises:
        Missing: no such integration. Invalid: the name cannot be one. Conflict: there are too many.
    """
    unit.allow(Permission.INTEGRATION_MANAGE)
    return (await put(unit, await existing(unit, integration), name, rhythm, title, labels))[0]


async def put(
    unit: Unit, of: Integration, name: str, rhythm: Rhythm, title: str = "", labels: dict[str, str] | None = None
) -> tuple[Heartbeat, bool]:
    """Write what is declared, with its event where it differs; the caller has checked the permission."""
    read = read_name(name)
    if isinstance(read, Fault):
        raise Invalid("The heartbeat cannot be declared.", faults=[read])
    before = await store.named(unit.conn, of.id, read)
    wanted = Heartbeat(
        new_id(unit.now), of.id, read, title, rhythm, labels or {}, True, unit.now, None, None
    )  # fmt: skip
    if before and _said(before) == _said(wanted):
        return before, False
    after = await store.put(unit.conn, wanted)
    await _refuse_too_many(unit, {of.id})
    event = HEARTBEAT_CHANGED if before else HEARTBEAT_DECLARED
    data = {"integration": of.name, "name": read, "every": format_duration(rhythm.every)}
    data |= {"grace": format_duration(rhythm.grace), "severity": rhythm.severity}
    await record(unit, Event(stream(of), event, data))
    unit.publish(CHANGED, f"integration:{of.id}")
    return after, True


async def forget(unit: Unit, integration: str, name: str, reason: str = "") -> None:
    """Expect a heartbeat no longer; its alert, where it has one, ends.

    Raises:
        Missing: there is none of this name.
    """
    unit.allow(Permission.INTEGRATION_MANAGE)
    of = await existing(unit, integration)
    found = await store.named(unit.conn, of.id, name.lower())
    if found is None:
        raise Missing(
            f"{integration} has no heartbeat `{name:.80}`.", f"`muster heartbeat list {integration}` names them."
        )
    await drop(unit, of, found, reason)


async def drop(unit: Unit, of: Integration, found: Heartbeat, reason: str = "") -> None:
    """Take a heartbeat away, with its event; the caller has checked the permission."""
    if found.missing_since:
        await receive(unit, [_item(of, found, returned(found, unit.now), unit.now)])
    await store.delete(unit.conn, found.id)
    await record(unit, Event(stream(of), HEARTBEAT_FORGOTTEN, {"integration": of.name, "name": found.name}, reason))
    unit.publish(CHANGED, f"integration:{of.id}")


async def _refuse_too_many(unit: Unit, integration_ids: set[UUID]) -> None:
    for id_ in integration_ids:
        if await store.count(unit.conn, id_) > MOST:
            raise Conflict(f"An integration has at most {MOST} heartbeats.", "Call with a name that stays the same.")


def _said(heartbeat: Heartbeat) -> tuple[object, ...]:
    return heartbeat.title, heartbeat.rhythm, heartbeat.labels, heartbeat.declared


def _item(of: Integration, heartbeat: Heartbeat, signal: Signal, now: datetime) -> Item:
    told = {"heartbeat": heartbeat.name, "status": signal.status, "title": signal.title}
    body = msgspec.json.encode({**told, "description": signal.description})
    path = f"/heartbeat/{heartbeat.name}"
    headers = {"content-type": "application/json", "user-agent": "muster"}
    return Item(of, Request(path, "POST", headers, {}, body, now), Parsed((signal,)))
