"""Nobody can be shut out by whoever guesses, and the answers do not tell whether an account exists."""

from datetime import timedelta
from typing import Any

import pytest

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.people.actions.braking import Refused
from muster.people.actions.sessions import SignedIn
from muster.people.actions.sign_in import WRONG
from muster.people.brake import DEVICE_LIFE

from .conftest import PASSWORD, SignIn


async def device_of(attempt: Any) -> str:
    """The cookie by which the browser is known from now on."""
    done = await attempt
    assert isinstance(done, SignedIn), done
    return done.device


async def answers(try_sign_in: SignIn, who: str, attempts: int, address: str) -> list[Refused]:
    """What a guesser hears."""
    heard = [await try_sign_in(who, "wrong", address) for _ in range(attempts)]
    return [answer for answer in heard if isinstance(answer, Refused)]


async def test_a_browser_known_from_before_gets_in_while_strangers_guess(
    admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    device = await device_of(try_sign_in("root"))
    for number in range(40):
        await try_sign_in("root", "wrong", f"198.51.100.{number}")
    # Behind a proxy everybody may seem to have one address.
    for number in range(40):
        await try_sign_in(f"nobody-{number}", "wrong", "192.0.2.1")
    assert isinstance(await try_sign_in("root", PASSWORD, "192.0.2.1"), Refused)
    assert await device_of(try_sign_in("root", PASSWORD, "192.0.2.1", device)) == device


async def test_a_known_browser_is_slowed_by_its_own_failures(admin: str, try_sign_in: SignIn, clock: Any) -> None:
    device = await device_of(try_sign_in("root"))
    for _ in range(5):
        await try_sign_in("root", "wrong", "192.0.2.1", device)
    refused = await try_sign_in("root", "wrong", "192.0.2.1", device)
    assert isinstance(refused, Refused)
    assert refused.retry_after == 2
    clock.move(timedelta(seconds=2))
    assert await device_of(try_sign_in("root", PASSWORD, "192.0.2.1", device)) == device


async def test_a_browser_is_known_for_its_own_person_and_for_ninety_days(
    database: Database, admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    device = await device_of(try_sign_in("root"))
    forged = await device_of(try_sign_in("root", PASSWORD, "192.0.2.1", "a-cookie-that-somebody-planted"))
    assert forged not in ("a-cookie-that-somebody-planted", device)
    clock.move(DEVICE_LIFE)
    for number in range(20):
        await try_sign_in("root", "wrong", f"198.51.100.{number}")
    assert isinstance(await try_sign_in("root", PASSWORD, "203.0.113.5", device), Refused)


@pytest.mark.parametrize("unknown", ["nobody", "nobody@contoso.example"])
async def test_an_unknown_name_is_answered_as_a_known_one(
    database: Database, admin: str, try_sign_in: SignIn, unknown: str
) -> None:
    known = "root@contoso.example" if "@" in unknown else "root"
    assert await answers(try_sign_in, known, 8, "192.0.2.7") == await answers(try_sign_in, unknown, 8, "192.0.2.8")


async def test_name_and_address_of_one_account_are_counted_like_two_unknown_names(
    admin: str, try_sign_in: SignIn
) -> None:
    """Five failures, three by the name and two by the e-mail address, must not be told apart from those of two nobodies."""

    async def heard(first: str, second: str, address: str) -> list[Refused]:
        return [
            *await answers(try_sign_in, first, 3, address),
            *await answers(try_sign_in, second, 4, address),
        ]

    known = await heard("root", "root@contoso.example", "192.0.2.7")
    assert known == await heard("nobody", "nobody@contoso.example", "192.0.2.8")
    assert {refusal.reason for refusal in known} == {WRONG}


async def test_what_was_typed_as_a_name_is_kept_nowhere(database: Database, admin: str, try_sign_in: SignIn) -> None:
    await try_sign_in("hunter2-my-password", "x")
    async with database.unit(SYSTEM) as unit:
        subjects = [row["subject"] for row in await unit.conn.fetch("SELECT subject FROM sign_in_failures")]
        events = [str(dict(row)) for row in await unit.conn.fetch("SELECT * FROM ledger_events")]
    assert len(subjects) == 3
    assert "hunter2" not in f"{subjects} {events}"
