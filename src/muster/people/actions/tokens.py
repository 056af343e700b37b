"""Creating and revoking API tokens."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Denied, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.actions.guard import CHANGED, allow_for, existing_person
from muster.people.actions.telling import tell_owner
from muster.people.events import TOKEN_CREATED, TOKEN_REVOKED
from muster.people.person import Person
from muster.people.rules import label_faults
from muster.people.store import person_rows, token_rows
from muster.people.token import (
    HINT_LENGTH,
    SECRET_BYTES,
    USUAL_LIFE,
    ApiToken,
    covers,
    digest,
    expiry_faults,
    scope_faults,
    write,
)


async def create_token(
    unit: Unit, name: str, scopes: Sequence[str], life: timedelta = USUAL_LIFE
) -> tuple[ApiToken, str]:
    """Make a token of one's own; returns it and its text, which is shown this once.

    Raises:
        Invalid: with every fault of name, scopes and life.
        Conflict: a token of that name is in use.
        Denied: a token cannot make one that may do more than itself.
    """
    unit.allow(Permission.SELF_MANAGE)
    owner = await existing_person(unit.conn, unit.principal.name)
    held = unit.principal.scopes
    if held is not None and (beyond := [scope for scope in scopes if not covers(held, scope)]):
        raise Denied(
            "A token cannot make one that may do more than itself.",
            f"It lacks {', '.join(beyond)[:200]}: sign in and create the token there.",
            permission=str(Permission.SELF_MANAGE),
        )
    return await issue(unit, owner, name, scopes, life)


async def issue(
    unit: Unit, owner: Person, name: str, scopes: Sequence[str], life: timedelta, *, locally: bool = False
) -> tuple[ApiToken, str]:
    """Validate and write a token with its event; the caller has checked the permission, or works `locally` on the machine."""
    faults = [*label_faults("name", name, "The name", longest=100), *scope_faults(scopes), *expiry_faults(life)]
    if faults:
        raise Invalid("The token cannot be created.", faults=faults)
    name = name.strip()
    if present := await token_rows.token_named(unit.conn, owner.id, name):
        if present.state(unit.now) == "active":
            raise Conflict(f"You have a token `{name}` already.", "Choose another name, or revoke that one first.")
        await token_rows.revoke(unit.conn, present.id, unit.now)
    text, id = write(secrets.token_bytes(SECRET_BYTES)), new_id(unit.now)
    expires_at = unit.now + life
    await token_rows.insert(
        unit.conn,
        id,
        name=name,
        person_id=owner.id,
        token_hash=digest(text),
        hint=text[:HINT_LENGTH],
        scopes=list(dict.fromkeys(scopes)),
        now=unit.now,
        expires_at=expires_at,
    )
    data = {"name": owner.name, "token": name, "scopes": list(scopes), "expires_at": expires_at}
    data |= {"locally": True} if locally else {}
    await record(unit, Event(f"person:{owner.id}", TOKEN_CREATED, data))
    said = f"It is called {name}, may do {', '.join(scopes)[:300]}, and ends at {expires_at:%Y-%m-%d %H:%M} UTC."
    await tell_owner(unit, owner, "An API token was made for your account", said)
    return await _existing(unit, id), text


async def revoke_token(unit: Unit, id: UUID, reason: str = "") -> ApiToken:
    """End a token at once: one's own, or anybody's for those who manage tokens.

    Raises:
        Missing, Denied.
    """
    unit.allow(Permission.SELF_MANAGE)
    token = await _existing(unit, id)
    owner = await existing_person(unit.conn, token.person)
    allow_for(unit, owner, Permission.TOKEN_MANAGE)
    if await token_rows.revoke(unit.conn, id, unit.now):
        data = {"name": owner.name, "token": token.name}
        await record(unit, Event(f"person:{owner.id}", TOKEN_REVOKED, data, reason))
        unit.publish(CHANGED)
    return await _existing(unit, id)


async def tokens_of(unit: Unit, name: str | None, *, after: UUID | None = None, limit: int = 500) -> list[ApiToken]:
    """A person's tokens, or everybody's for those who manage tokens; the newest first."""
    if name is None:
        unit.allow(Permission.TOKEN_MANAGE)
        return await token_rows.tokens(unit.conn, after=after, limit=limit)
    owner = await person_rows.person_named(unit.conn, name)
    if owner is None:
        return []
    allow_for(unit, owner, Permission.TOKEN_MANAGE)
    return await token_rows.tokens(unit.conn, person_id=owner.id, after=after, limit=limit)


async def _existing(unit: Unit, id: UUID) -> ApiToken:
    token = await token_rows.token(unit.conn, id)
    if token is None:
        raise Missing("There is no such token.", "`muster token list` shows yours.")
    return token
