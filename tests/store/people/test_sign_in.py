"""Signing in, sessions, tokens and the first run, over time."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request

from muster.base.access import ANONYMOUS, SYSTEM, Level
from muster.base.db.database import Database
from muster.kit.errors import Conflict, Denied, Invalid, Missing, Unauthenticated
from muster.people import store
from muster.people.actions import passwords, persons, sessions, setup, tokens
from muster.people.actions.authenticate import Gate
from muster.people.actions.braking import Refused
from muster.people.actions.cookies import SESSION
from muster.people.actions.sign_in import WRONG
from muster.people.drafts import PersonDraft
from muster.people.session import IDLE, LONGEST, csrf_of

from .conftest import PASSWORD, Open, SignIn


def request(cookie: str = "", bearer: str = "") -> Request:
    """A request with these credentials."""
    headers = [(b"cookie", f"{SESSION.name}={cookie}".encode())] if cookie else []
    headers += [(b"authorization", f"Bearer {bearer}".encode())] if bearer else []
    return Request({"type": "http", "path": "/", "headers": headers, "server": ("muster", 80)})


async def events(database: Database, kind: str) -> int:
    """How many events of a kind there are."""
    async with database.read() as conn:
        count: int = await conn.fetchval("SELECT count(*) FROM ledger_events WHERE kind = $1", kind)
        return count


async def signed_in(attempt: Any) -> sessions.SignedIn:
    """The session that an attempt began."""
    result = await attempt
    assert isinstance(result, sessions.SignedIn), result
    return result


async def test_name_and_email_both_sign_in(admin: str, try_sign_in: SignIn) -> None:
    for who in ("root", "ROOT@contoso.example", " root "):
        assert (await signed_in(try_sign_in(who))).person.name == "root"


async def test_unknown_names_and_wrong_passwords_are_refused_alike_and_recorded(
    database: Database, admin: str, try_sign_in: SignIn
) -> None:
    assert await try_sign_in("root", "wrong") == Refused(WRONG)
    assert await try_sign_in("nobody", "wrong") == Refused(WRONG)
    assert await events(database, "SignInFailed") == 2


async def test_guessing_at_an_account_is_slowed_from_one_address_and_later_from_any(
    database: Database, admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    for _ in range(5):
        await try_sign_in("root", "wrong", "192.0.2.1")
    refused = await try_sign_in("root", PASSWORD, "192.0.2.1")
    assert isinstance(refused, Refused)
    assert refused.retry_after == 2
    assert await events(database, "SignInThrottled") == 1
    assert await events(database, "SignInFailed") == 5
    for number in range(2, 17):
        assert (await try_sign_in("root", "wrong", f"192.0.2.{number}")).reason == WRONG  # type: ignore[union-attr]
    assert isinstance(await try_sign_in("root", PASSWORD, "198.51.100.1"), Refused)
    clock.move(timedelta(seconds=2))
    await signed_in(try_sign_in("root", PASSWORD, "198.51.100.1"))


async def test_guessing_from_an_address_is_slowed_over_all_accounts(
    admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    for number in range(20):
        await try_sign_in(f"nobody-{number}", "wrong", "203.0.113.9")
    refused = await try_sign_in("root", PASSWORD, "203.0.113.9")
    assert isinstance(refused, Refused)
    assert refused.retry_after > 0
    await signed_in(try_sign_in("root", PASSWORD, "192.0.2.77"))
    clock.move(timedelta(seconds=2))
    await signed_in(try_sign_in("root", PASSWORD, "203.0.113.9"))


async def test_parallel_guesses_at_one_account_are_judged_one_at_a_time(
    database: Database, admin: str, try_sign_in: SignIn
) -> None:
    results = await asyncio.gather(*(try_sign_in("root", "wrong", f"192.0.2.{n}") for n in range(6)))
    judged = [each for each in results if isinstance(each, Refused) and each.reason == WRONG]
    assert len(judged) == await events(database, "SignInFailed") < 6


async def test_a_session_ends_by_disuse_by_age_and_by_signing_out(
    database: Database, admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    gate = Gate(clock, database.live)

    async def name(cookie: str) -> str:
        async with database.unit(ANONYMOUS) as unit:
            return (await gate.authenticate(unit.conn, request(cookie))).principal.name

    idle, kept = await signed_in(try_sign_in("root")), await signed_in(try_sign_in("root"))
    for _ in range(int(LONGEST / (IDLE / 2)) - 1):
        clock.move(IDLE / 2)
        assert await name(kept.cookie) == "root"
    assert await name(idle.cookie) == "anonymous"
    clock.move(IDLE / 2)
    assert await name(kept.cookie) == "anonymous"
    last = await signed_in(try_sign_in("root"))
    assert await name(last.cookie) == "root"
    async with database.unit(ANONYMOUS) as unit:
        await sessions.sign_out(unit, last.cookie)
    assert await name(last.cookie) == "anonymous"


async def test_a_page_that_renews_itself_does_not_prolong_the_session(
    database: Database, admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    gate = Gate(clock, database.live)
    cookie = (await signed_in(try_sign_in("root"))).cookie
    for _ in range(5):
        clock.move(IDLE / 4)
        live = request(cookie)
        live.scope["headers"].append((b"x-muster-live", b"1"))
        async with database.unit(ANONYMOUS) as unit:
            name = (await gate.authenticate(unit.conn, live)).principal.name
    assert name == "anonymous"


async def test_a_browser_gets_a_forgery_token_that_a_program_does_not_need(
    database: Database, acting_as: Open, admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    gate = Gate(clock, database.live)
    browser = await signed_in(try_sign_in("root"))
    async with acting_as(admin) as unit:
        _, text = await tokens.create_token(unit, "ci", ["incident.*"])
    async with database.read() as conn:
        assert (await gate.authenticate(conn, request(browser.cookie))).csrf == csrf_of(browser.cookie)
        caller = await gate.authenticate(conn, request(browser.cookie, text))
    assert caller.csrf is None
    assert (caller.principal.scopes, caller.principal.via) == (frozenset({"incident.*"}), "token ci")


async def test_revoking_a_session_or_token_takes_effect_at_once(
    database: Database, acting_as: Open, admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    gate = Gate(clock, database.live)
    browser = await signed_in(try_sign_in("root"))
    async with acting_as(admin) as unit:
        token, text = await tokens.create_token(unit, "ci", ["*"])
        assert (await gate.authenticate(unit.conn, request(browser.cookie))).principal.name == "root"
        assert (await gate.authenticate(unit.conn, request(bearer=text))).principal.name == "root"
    async with acting_as(admin) as unit:
        await tokens.revoke_token(unit, token.id)
        await sessions.revoke_session(unit, browser.session.id)
    async with database.read() as conn:
        assert (await gate.authenticate(conn, request(browser.cookie))).principal is ANONYMOUS
        with pytest.raises(Unauthenticated, match="revoked"):
            await gate.authenticate(conn, request(bearer=text))


async def test_a_demoted_person_loses_the_level_with_the_next_request(
    database: Database, acting_as: Open, admin: str, clock: Any
) -> None:
    gate = Gate(clock, database.live)
    draft = PersonDraft(name="ana", email="ana@contoso.example", permission="manager")
    async with acting_as(admin) as unit:
        await persons.create_person(unit, draft)
        link = await passwords.make_password_link(unit, "ana")
    async with database.unit(SYSTEM) as unit:
        cookie = (await passwords.use_password_link(unit, link, PASSWORD, "", "")).cookie
    async with acting_as(admin) as unit:
        assert (await gate.authenticate(unit.conn, request(cookie))).principal.level is Level.MANAGER
        await persons.update_person(
            unit, "ana", PersonDraft(name="ana", email="ana@contoso.example", permission="viewer")
        )
    async with database.read() as conn:
        assert (await gate.authenticate(conn, request(cookie))).principal.level is Level.VIEWER


async def test_a_token_expires_and_says_so(database: Database, acting_as: Open, admin: str, clock: Any) -> None:
    gate = Gate(clock, database.live)
    async with acting_as(admin) as unit:
        _, text = await tokens.create_token(unit, "ci", ["*"], timedelta(days=1))
    clock.move(timedelta(days=1))
    async with database.read() as conn:
        with pytest.raises(Unauthenticated, match="expired at 2026-03-03 09:00 UTC"):
            await gate.authenticate(conn, request(bearer=text))
        with pytest.raises(Unauthenticated, match="unknown"):
            await gate.authenticate(conn, request(bearer="mst_nonsense"))


async def test_last_use_of_a_token_is_noted_now_and_then(
    database: Database, acting_as: Open, admin: str, clock: Any
) -> None:
    gate = Gate(clock, database.live)
    async with acting_as(admin) as unit:
        token, text = await tokens.create_token(unit, "ci", ["*"])
    used = []
    for _ in range(3):
        async with database.unit(ANONYMOUS) as unit:
            await gate.authenticate(unit.conn, request(bearer=text))
            used.append(await unit.conn.fetchval("SELECT last_used_at FROM api_tokens WHERE id = $1", token.id))
        clock.move(timedelta(minutes=3))
    assert used == [used[0], used[0], used[0] + timedelta(minutes=6)]


async def test_a_token_cannot_make_one_that_may_do_more(database: Database, acting_as: Open, admin: str) -> None:
    async with acting_as(admin) as unit:
        _, text = await tokens.create_token(unit, "narrow", ["self.manage", "incident.*"])
    gate = Gate(database.clock, database.live)
    async with database.unit(ANONYMOUS) as unit:
        unit.principal = (await gate.by_token(unit.conn, text)).principal
        await tokens.create_token(unit, "narrower", ["incident.read"])
        with pytest.raises(Denied):
            await tokens.create_token(unit, "wider", ["*"])


async def test_a_token_needs_known_scopes_a_life_and_a_free_name(acting_as: Open, admin: str) -> None:
    async with acting_as(admin) as unit:
        with pytest.raises(Invalid) as refused:
            await tokens.create_token(unit, "", ["incident.reed"], timedelta(days=366))
        assert [fault.field for fault in refused.value.faults] == ["name", "scopes.0", "expires_in"]
        first, _ = await tokens.create_token(unit, "ci", ["*"], timedelta(hours=1))
        with pytest.raises(Conflict):
            await tokens.create_token(unit, "ci", ["*"])
        assert first.expires_at == unit.now + timedelta(hours=1)


async def test_changing_the_password_ends_the_other_sessions(
    database: Database, acting_as: Open, admin: str, try_sign_in: SignIn
) -> None:
    here, there = await signed_in(try_sign_in("root")), await signed_in(try_sign_in("root"))
    async with acting_as(admin) as unit:
        fault = await passwords.change_password(unit, "wrong", "another fine long secret")
        assert fault is not None
        assert fault.field == "present"
        assert unit.keep
    with pytest.raises(Invalid):
        async with acting_as(admin) as unit:
            await passwords.change_password(unit, PASSWORD, "short")
    async with acting_as(admin) as unit:
        wanted = "another fine long secret"
        assert await passwords.change_password(unit, PASSWORD, wanted, keep_session=here.cookie) is None
        assert [each.id for each in await sessions.sessions_of(unit, "root")] == [here.session.id]
    assert there.session.id != here.session.id
    assert await try_sign_in("root", PASSWORD) == Refused(WRONG)
    await signed_in(try_sign_in("root", "another fine long secret"))


async def test_a_link_from_before_somebody_left_does_not_work_when_they_come_back(
    database: Database, acting_as: Open, admin: str
) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(unit, PersonDraft(name="ana", email="ana@contoso.example"))
        link = await passwords.make_password_link(unit, "ana")
        await persons.deactivate_person(unit, "ana")
        await persons.reactivate_person(unit, "ana")
        with pytest.raises(Missing):
            await passwords.owner_of_link(unit, link)


async def test_a_password_link_works_once_and_for_three_days(
    database: Database, acting_as: Open, admin: str, clock: Any
) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(unit, PersonDraft(name="ana", email="ana@contoso.example"))
        replaced = await passwords.make_password_link(unit, "ana")
        link = await passwords.make_password_link(unit, "ana")
    async with database.unit(ANONYMOUS) as unit:
        with pytest.raises(Missing):
            await passwords.owner_of_link(unit, replaced)
        assert (await passwords.owner_of_link(unit, link)).name == "ana"
        await passwords.use_password_link(unit, link, PASSWORD, "", "")
        with pytest.raises(Missing, match="used already"):
            await passwords.use_password_link(unit, link, PASSWORD, "", "")
    async with acting_as(admin) as unit:
        late = await passwords.make_password_link(unit, "ana")
    clock.move(passwords.LINK_LIFE)
    async with database.unit(ANONYMOUS) as unit:
        with pytest.raises(Missing, match="expired"):
            await passwords.owner_of_link(unit, late)


WANTED = setup.FirstRun("Contoso", "Rut Root", "Rut.Root@contoso.example", PASSWORD, "Europe/Lisbon")


async def test_the_first_run_makes_the_administrator_and_signs_them_in(database: Database) -> None:
    async with database.unit(SYSTEM) as unit:
        link = await setup.make_first_run_link(unit)
        assert link is not None
    async with database.unit(ANONYMOUS) as unit:
        done = await setup.complete_first_run(unit, link, WANTED, "192.0.2.1", "Firefox/140.0")
        assert (done.person.name, done.person.level) == ("rut.root", Level.ADMINISTRATOR)
        assert await store.organisation_name(unit.conn) == "Contoso"
        assert await setup.is_set_up(unit.conn)
        assert unit.principal.name == "rut.root"
    async with database.unit(SYSTEM) as unit:
        assert await setup.make_first_run_link(unit) is None
        with pytest.raises(Missing, match="set up already"):
            await setup.complete_first_run(unit, link, WANTED, "", "")
        with pytest.raises(Conflict):
            await setup.initialise(unit, "Contoso", "a@contoso.example", PASSWORD)


async def test_a_first_run_link_ends_after_a_day_and_when_a_newer_one_is_made(database: Database, clock: Any) -> None:
    async with database.unit(SYSTEM) as unit:
        older, newer = await setup.make_first_run_link(unit), await setup.make_first_run_link(unit)
        assert older
        assert newer
        with pytest.raises(Missing):
            await setup.check_first_run_link(unit, older)
        await setup.check_first_run_link(unit, newer)
    clock.move(setup.LINK_LIFE)
    async with database.unit(SYSTEM) as unit:
        with pytest.raises(Missing, match="expired"):
            await setup.check_first_run_link(unit, newer)


async def test_two_first_runs_at_once_make_one_administrator(database: Database) -> None:
    async with database.unit(SYSTEM) as unit:
        link = await setup.make_first_run_link(unit)
        assert link

    async def run() -> bool:
        try:
            async with database.unit(ANONYMOUS) as unit:
                await setup.complete_first_run(unit, link, WANTED, "", "")
            return True
        except Missing:
            return False

    assert sorted(await asyncio.gather(run(), run())) == [False, True]


async def test_the_first_run_names_every_fault_and_keeps_nothing(database: Database) -> None:
    async with database.unit(SYSTEM) as unit:
        link = await setup.make_first_run_link(unit)
        assert link
    with pytest.raises(Invalid) as refused:
        async with database.unit(ANONYMOUS) as unit:
            await setup.complete_first_run(unit, link, setup.FirstRun("", "", "no address", "short", "Mars"), "", "")
    assert {fault.field for fault in refused.value.faults} == {"organisation", "email", "password", "time_zone"}
    async with database.read() as conn:
        assert await store.organisation_name(conn) is None


async def test_initialise_gives_a_token_that_may_do_everything(database: Database) -> None:
    async with database.unit(SYSTEM) as unit:
        text = await setup.initialise(unit, "Contoso", "root@contoso.example", PASSWORD)
    gate = Gate(database.clock, database.live)
    async with database.read() as conn:
        principal = (await gate.by_token(conn, text)).principal
    assert (principal.level, principal.scopes) == (Level.ADMINISTRATOR, frozenset({"*"}))
