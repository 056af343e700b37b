"""Who is asking: from a session's cookie or a token's secret to a principal, remembered for a few seconds.

A change to persons, sessions or tokens empties the memory at once on the node where it is made, and on the others with the
live topic; the few seconds bound what a lost notice could cost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response

from muster.base.access import ANONYMOUS, Kind, Principal
from muster.base.live import LiveHub
from muster.base.unit import Conn
from muster.base.web.services import Caller
from muster.kit.clock import Clock
from muster.kit.errors import Unauthenticated
from muster.people.actions.cookies import SESSION
from muster.people.actions.guard import CHANGED
from muster.people.actions.sessions import principal_of
from muster.people.person import Person
from muster.people.session import SEEN_EVERY, Session, csrf_of
from muster.people.store import factor_rows, organisation_row, session_rows, token_rows
from muster.people.token import digest

REMEMBERED = timedelta(seconds=5)
MOST_REMEMBERED = 10_000
LONGEST_SECRET = 200
LIVE_HEADER, LIVE_PATH = "x-muster-live", "/live"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who has proved who they are; `session` is their browser's, and none stands behind a token."""

    principal: Principal
    person: Person
    session: Session | None = None
    must_enrol: bool = False


class Gate:
    """Authenticates the requests of one node. Give `authenticate` to the edge's services.

    `secure` is whether cookies have the names that no other host can set.
    """

    def __init__(self, clock: Clock, live: LiveHub, *, secure: bool = False) -> None:
        self._clock, self._live, self._secure = clock, live, secure
        self._known: dict[bytes, tuple[Known, datetime]] = {}
        self._generation = 0
        live.on_topic(self._heard)

    async def authenticate(self, conn: Conn, request: Request) -> Caller:
        """The caller of a request: a bearer token wins over a cookie; neither is anonymous, and so is a dead cookie.

        Raises:
            Unauthenticated: a bearer token was sent that does not count, or another scheme.
        """
        header = request.headers.get("authorization")
        if header is not None:
            scheme, _, secret = header.partition(" ")
            if scheme.lower() != "bearer":
                raise Unauthenticated("Send an API token as a bearer token.", "Authorization: Bearer mst_…")
            return Caller((await self.by_token(conn, secret.strip())).principal)
        cookie = SESSION.read(request.cookies, secure=self._secure)
        # A page that renews itself is not somebody at work: it must not keep the session from running out.
        in_use = LIVE_HEADER not in request.headers and request.url.path != LIVE_PATH
        known = await self.by_session(conn, cookie, in_use=in_use) if cookie else None
        if known is None and self._secure and SESSION.name in request.cookies:
            return await self._from_before(conn, request.cookies[SESSION.name], in_use=in_use)
        return _caller(known, cookie) if known else Caller(ANONYMOUS)

    async def _from_before(self, conn: Conn, cookie: str, *, in_use: bool) -> Caller:
        """The caller by a cookie of before, whose name another host could set: taken once and replaced."""
        if len(cookie) > LONGEST_SECRET:
            return Caller(ANONYMOUS)
        known = await known_by_session(conn, cookie, self._clock.now(), in_use=in_use)
        if known is None or known.session is None or known.session.host_bound:
            return Caller(ANONYMOUS)
        if not in_use:
            return _caller(known, cookie)
        await session_rows.bind(conn, known.session.id)

        def replace(response: Response) -> None:
            SESSION.keep(response, cookie, secure=True)
            SESSION.drop(response, secure=False)

        return _caller(known, cookie, replace)

    async def by_session(self, conn: Conn, cookie: str, *, in_use: bool = True) -> Known | None:
        """Whose cookie this is, while its session lives and the person is active; `in_use` prolongs it."""
        if len(cookie) > LONGEST_SECRET:
            return None
        key, generation = digest(f"session {cookie}"), self._generation
        if remembered := self._remembered(key):
            return remembered
        known = await known_by_session(conn, cookie, self._clock.now(), in_use=in_use)
        return self._remember(key, generation, known) if known else None

    async def by_token(self, conn: Conn, secret: str) -> Known:
        """Whose token this is.

        Raises:
            Unauthenticated: it is unknown, revoked or expired, or its owner has left.
        """
        key, generation = digest(f"token {secret:.{LONGEST_SECRET}}"), self._generation
        if remembered := self._remembered(key):
            return remembered
        return self._remember(key, generation, await known_by_token(conn, secret, self._clock.now()))

    def forget(self) -> None:
        """Look everybody up again."""
        self._known.clear()
        self._generation += 1

    def _heard(self, topic: str) -> None:
        if topic in (CHANGED, "*"):
            self.forget()

    def _remembered(self, key: bytes) -> Known | None:
        if not self._live.proven:
            # What another node revoked might not have been heard.
            return None
        known, until = self._known.get(key, (None, None))
        return known if until is not None and self._clock.now() < until else None

    def _remember(self, key: bytes, generation: int, known: Known) -> Known:
        # What was read before a change may be stale by now: it serves this request and is not kept.
        if generation == self._generation:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = known, self._clock.now() + REMEMBERED
        return known


async def known_by_session(conn: Conn, cookie: str, now: datetime, *, in_use: bool) -> Known | None:
    """Look a session up, and note that it is `in_use` once that is worth a write."""
    found = await session_rows.by_token(conn, digest(cookie))
    if found is None or not found[0].alive(now) or not found[1].active or found[0].awaits_factor:
        return None
    session, person = found
    if in_use and session.seen_is_stale(now):
        await session_rows.seen(conn, session.id, now)
    due = (await organisation_row.requirement(conn)).due(person.level, person.created_at)
    must_enrol = due is not None and now >= due and not (await factor_rows.factors_of(conn, person.id)).any
    return Known(principal_of(person), person, session, must_enrol)


def _caller(known: Known, cookie: str, on_answer: Callable[[Response], None] | None = None) -> Caller:
    proven_at = known.session.proven_at if known.session else None
    return Caller(known.principal, csrf_of(cookie), on_answer, proven_at, known.must_enrol)


async def known_by_token(conn: Conn, secret: str, now: datetime) -> Known:
    """Look an API token up, and note that it is in use once that is worth a write.

    Raises:
        Unauthenticated: it does not count; the sentence says why, which only its bearer can learn.
    """
    found = await token_rows.by_secret(conn, digest(secret))
    if found is None:
        raise Unauthenticated("This API token is unknown.", "Check that it was copied whole; it begins with mst_.")
    token, person = found
    if not person.active or (state := token.state(now)) == "revoked":
        raise Unauthenticated("This API token was revoked.", "Create another one under your profile.")
    if state == "expired":
        raise Unauthenticated(
            f"This API token expired at {token.expires_at:%Y-%m-%d %H:%M} UTC.", "Create another one."
        )
    if token.last_used_at is None or now - token.last_used_at >= SEEN_EVERY:
        await token_rows.used(conn, token.id, now)
    scopes = frozenset(token.scopes)
    return Known(Principal(Kind.TOKEN, person.name, person.level, person.id, scopes, f"token {token.name}"), person)
