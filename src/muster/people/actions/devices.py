"""Browsers that a person has signed in from: known ones cannot be shut out by strangers who guess."""

import secrets

from muster.base.unit import Unit
from muster.kit.ids import new_id
from muster.people.person import Person
from muster.people.store import device_rows
from muster.people.token import digest


async def remember(unit: Unit, person: Person, device: str) -> str:
    """Know the browser for that person; returns the cookie to set. One that Muster did not give out is replaced."""
    if not device or not await device_rows.issued(unit.conn, digest(device)):
        device = secrets.token_urlsafe(32)
    await device_rows.keep(unit.conn, new_id(unit.now), person.id, digest(device), unit.now)
    await device_rows.forget_old(unit.conn, unit.now)
    return device
