"""Secret links to calendars: making, exchanging and ending them, and reading what they lead to (R72)."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_bytes
from uuid import UUID

from muster.base.access import Kind, Permission, Principal, refusal
from muster.base.unit import Unit
from muster.kit.base64url import encode
from muster.kit.errors import Conflict, Denied, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.oncall import store
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.own_shifts import LOOK_BACK, me_of, shifts_of_people
from muster.oncall.events import FEED_MADE, FEED_REVOKED, FEED_ROTATED
from muster.oncall.shifts.feed import PREFIX, Feed, FeedKind, window, write_feed
from muster.oncall.shifts.shift import Shift, shifts_by
from muster.oncall.store import feed_rows
from muster.people import store as people
from muster.people.actions.guard import existing_person, existing_team
from muster.people.token import SECRET_BYTES, digest

MOST = 50
HINT_LENGTH = 8
NOTED_EVERY = timedelta(minutes=5)
CHANGED = "feeds"


@dataclass(frozen=True, slots=True)
class FeedBody:
    """What a link leads to; `tag` changes exactly when the body does."""

    feed: Feed
    body: bytes
    tag: str


async def make_feed(unit: Unit, kind: FeedKind, subject: str = "") -> tuple[Feed, str]:
    """A new secret link and its token, which is shown this once; without `subject` of one's own shifts.

    Raises:
        Missing: no such person, team or schedule; Denied: no person asks; Conflict: one has too many.
    """
    unit.allow(Permission.SELF_MANAGE)
    unit.allow(Permission.SCHEDULE_READ)
    me = await me_of(unit)
    if len(await feed_rows.feeds(unit.conn, owner_id=me.id)) >= MOST:
        raise Conflict(f"You have {MOST} feeds.", "Revoke those that nothing uses any more.")
    id, token = new_id(unit.now), _token()
    subject_id = await _subject(unit, kind, subject or me.name)
    await feed_rows.insert(unit.conn, id, me.id, kind, subject_id, digest(token), token[:HINT_LENGTH], unit.now)
    feed = await _existing(unit, id)
    await _note(unit, FEED_MADE, feed)
    return feed, token


async def rotate_feed(unit: Unit, id: UUID) -> tuple[Feed, str]:
    """Exchange the secret of one's own link: the old address ends at once.

    Raises:
        Missing, Denied; Conflict: it was revoked.
    """
    unit.allow(Permission.SELF_MANAGE)
    before = await _existing(unit, id, hold=True)
    if before.owner != unit.principal.name:
        raise Denied("You may not do this.", f"Only {before.owner} may know this link.", permission="self.manage")
    _refuse_ended(before)
    token = _token()
    await feed_rows.rotate(unit.conn, id, digest(token), token[:HINT_LENGTH], unit.now)
    feed = await _existing(unit, id)
    await _note(unit, FEED_ROTATED, feed)
    return feed, token


async def revoke_feed(unit: Unit, id: UUID) -> Feed:
    """End a link: one's own, or anybody's for those who manage schedules.

    Raises:
        Missing, Denied; Conflict: it was revoked.
    """
    unit.allow(Permission.SELF_MANAGE)
    feed = await _existing(unit, id, hold=True)
    if feed.owner != unit.principal.name:
        unit.allow(Permission.SCHEDULE_MANAGE)
    _refuse_ended(feed)
    await feed_rows.revoke(unit.conn, id, unit.principal.name, unit.now)
    await _note(unit, FEED_REVOKED, feed)
    return await _existing(unit, id)


async def feeds_of(unit: Unit, *, everybody: bool = False) -> list[Feed]:
    """One's own links that work, or everybody's for those who manage schedules."""
    unit.allow(Permission.SCHEDULE_MANAGE if everybody else Permission.SELF_MANAGE)
    owner_id = None if everybody else (await me_of(unit)).id
    return await feed_rows.feeds(unit.conn, owner_id=owner_id)


async def read_feed(unit: Unit, token: str, client: str, base_url: str) -> FeedBody:
    """What a secret link leads to; the secret is the authority, and its owner must still be allowed to see schedules.

    Raises:
        Missing: no such link, or its owner may no longer see this.
    """
    feed = await feed_rows.by_token(unit.conn, digest(token))
    owner = await people.person_named(unit.conn, feed.owner) if feed else None
    if feed is None or owner is None or not owner.active:
        raise Missing("There is no such calendar.", "The link was revoked or mistyped; make a new one under My shifts.")
    if refusal(Principal(Kind.PERSON, owner.name, owner.level, owner.id), Permission.SCHEDULE_READ):
        raise Missing("There is no such calendar.", f"{owner.name} may no longer see schedules.")
    shifts = await _shifts(unit, feed)
    names = {shift.person for shift in shifts} | ({feed.subject} if feed.kind is FeedKind.PERSON else set())
    persons = await people.persons_named(unit.conn, names)
    revisions = await feed_rows.revisions(unit.conn, sorted({shift.schedule for shift in shifts}), unit.now)
    full_names = {name: person.full_name for name, person in persons.items()}
    body = write_feed(feed, shifts, full_names, revisions, base_url)
    if feed.last_used_at is None or unit.now - feed.last_used_at >= NOTED_EVERY:
        await feed_rows.used(unit.conn, feed.id, client[:200], unit.now)
    return FeedBody(feed, body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


async def _shifts(unit: Unit, feed: Feed) -> list[Shift]:
    start, end = window(unit.now)
    if feed.kind is FeedKind.SCHEDULE:
        rosters = await store.rosters(unit.conn, [feed.subject], start - LOOK_BACK, end)
        return [shift for shift in shifts_by(rosters, start - LOOK_BACK, end) if shift.end > start]
    if feed.kind is FeedKind.TEAM:
        members = await people.members_of(unit.conn, [feed.subject])
        return await shifts_of_people(unit.conn, members.get(feed.subject, []), start, end)
    person = await people.person_named(unit.conn, feed.subject)
    return await shifts_of_people(unit.conn, [person] if person else [], start, end)


async def _subject(unit: Unit, kind: FeedKind, subject: str) -> UUID:
    if kind is FeedKind.SCHEDULE:
        return (await existing_schedule(unit.conn, subject)).id
    if kind is FeedKind.TEAM:
        return (await existing_team(unit.conn, subject)).id
    return (await existing_person(unit.conn, subject)).id


async def _existing(unit: Unit, id: UUID, *, hold: bool = False) -> Feed:
    feed = await feed_rows.feed(unit.conn, id, hold=hold)
    if feed is None:
        raise Missing("There is no such feed.", "`muster feed list` names them.")
    return feed


def _refuse_ended(feed: Feed) -> None:
    if feed.revoked_at is not None:
        raise Conflict("This feed was revoked already.", f"{feed.revoked_by} did so.")


async def _note(unit: Unit, kind: EventKind, feed: Feed) -> None:
    owner = await people.person_named(unit.conn, feed.owner)
    data = {"feed": str(feed.id), "kind": feed.kind, "subject": feed.subject, "owner": feed.owner}
    await record(unit, Event(f"person:{owner.id if owner else feed.owner}", kind, data))
    unit.publish(CHANGED)


def _token() -> str:
    return PREFIX + encode(token_bytes(SECRET_BYTES))
