"""Setting passwords: one's own, and through a one-time link that an administrator hands over."""

import secrets
from datetime import timedelta
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.actions import hashing
from muster.people.actions.guard import CHANGED, existing_person
from muster.people.actions.sessions import SignedIn, begin
from muster.people.actions.sign_in import guess_own
from muster.people.actions.telling import tell_owner
from muster.people.events import PASSWORD_LINK_MADE, PASSWORD_SET
from muster.people.happenings import PasswordChosen
from muster.people.password import password_faults
from muster.people.person import Person
from muster.people.store import link_rows, organisation_row, person_rows, session_rows, token_rows
from muster.people.token import digest

PURPOSE = "password"
LINK_LIFE = timedelta(hours=72)


async def change_password(
    unit: Unit, present: str, wanted: str, *, keep_session: str | None = None, keep_tokens: bool = False
) -> Fault | None:
    """Change one's own password; the other sessions end, and with them the API tokens unless `keep_tokens`.

    `keep_session` is the cookie of the session that asks.

    Returns what is wrong with the present password; that guess is counted even so (`unit.keep`).

    Raises:
        Invalid: the wanted password breaks a rule.
    """
    unit.allow(Permission.SELF_MANAGE)
    person = await existing_person(unit.conn, unit.principal.name)
    if refused := await guess_own(unit, person, present):
        return Fault("present", refused.reason)
    kept = await session_rows.by_token(unit.conn, digest(keep_session)) if keep_session else None
    await set_password(unit, person, wanted, but=kept[0].id if kept else None, keep_tokens=keep_tokens)
    return None


async def make_password_link(unit: Unit, name: str) -> str:
    """The secret of a one-time link with which a person sets a password; earlier unused ones end.

    Raises:
        Missing; Conflict: the person is inactive.
    """
    unit.allow(Permission.PERSON_MANAGE)
    person = await existing_person(unit.conn, name)
    if not person.active:
        raise Conflict(f"{person.full_name} is not active.", "Reactivate them first.")
    secret = secrets.token_urlsafe(32)
    link = link_rows.Link(new_id(unit.now), PURPOSE, person.id, unit.now + LINK_LIFE, None)
    await link_rows.insert(unit.conn, link, digest(secret), unit.now)
    data = {"name": name, "expires_at": link.expires_at}
    await record(unit, Event(f"person:{person.id}", PASSWORD_LINK_MADE, data))
    return secret


async def owner_of_link(unit: Unit, secret: str) -> Person:
    """Whose password a link sets. The link is its own authority.

    Raises:
        Missing: it is unknown, used or expired; the sentence says what to do.
    """
    return (await _open(unit, secret, hold=False))[1]


async def use_password_link(
    unit: Unit,
    secret: str,
    password: str,
    address: str,
    user_agent: str,
    device: str = "",
    *,
    keep_tokens: bool = False,
) -> SignedIn:
    """Set the password and sign in; every other session ends, and with them the API tokens unless `keep_tokens`. The link
    is its own authority.

    Raises:
        Missing, Invalid.
    """
    link, person = await _open(unit, secret, hold=True)
    await set_password(unit, person, password, keep_tokens=keep_tokens)
    await link_rows.use(unit.conn, link.id, unit.now)
    return await begin(unit, await existing_person(unit.conn, person.name), address, user_agent, "link", device)


async def set_password(
    unit: Unit, person: Person, password: str, *, but: UUID | None = None, keep_tokens: bool = False
) -> None:
    """Check and store a password, with its event; the caller has the authority. All sessions end, perhaps `but` one, and
    the API tokens unless `keep_tokens`: whoever knew the old password may have made them.

    Raises:
        Invalid: it breaks a rule.
    """
    organisation = await organisation_row.organisation_name(unit.conn) or ""
    chosen = PasswordChosen(password)
    await unit.emit(chosen)
    about = person.name, person.full_name, person.email, organisation
    if faults := [*password_faults(password, *about), *chosen.faults][:1]:
        raise Invalid("This password cannot be used.", faults=faults)
    await person_rows.set_password_hash(unit.conn, person.id, await hashing.hash_password(password))
    data = {
        "name": person.name,
        "sessions_ended": await session_rows.end_all(unit.conn, person.id, but=but),
        "tokens_revoked": 0 if keep_tokens else await token_rows.revoke_all(unit.conn, person.id, unit.now),
    }
    await record(unit, Event(f"person:{person.id}", PASSWORD_SET, data))
    if person.has_password:
        await tell_owner(
            unit, person, "Your password was changed", f"{data['tokens_revoked']} API tokens were revoked."
        )
    unit.publish(CHANGED)


async def _open(unit: Unit, secret: str, *, hold: bool) -> tuple[link_rows.Link, Person]:
    link = await link_rows.link(unit.conn, PURPOSE, digest(secret), hold=hold)
    person = await person_rows.person(unit.conn, link.person_id) if link and link.person_id else None
    if link is None or person is None or not person.active:
        raise Missing("This link is unknown or was replaced by a newer one.", "Ask an administrator for a new link.")
    if link.used_at is not None:
        raise Missing("This link was used already.", "Sign in with the password that was set with it.")
    if link.expires_at <= unit.now:
        raise Missing("This link has expired.", "Ask an administrator for a new link.")
    return link, person
