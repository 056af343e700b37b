"""API tokens and sessions as values."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.base.access import Permission
from muster.people.session import IDLE, LONGEST, Session, csrf_of
from muster.people.token import (
    HINT_LENGTH,
    PREFIX,
    ApiToken,
    covers,
    digest,
    expiry_faults,
    groups,
    scope_faults,
    write,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
scopes = st.sampled_from(["*", *groups(), *map(str, Permission)])


@given(st.binary(min_size=32, max_size=64))
def test_a_token_is_recognisable_and_its_hint_gives_little_away(secret: bytes) -> None:
    text = write(secret)
    assert text.startswith(PREFIX)
    assert len(text) >= 47
    assert len(digest(text)) == 32
    assert len(text[:HINT_LENGTH]) - len(PREFIX) == 4


def test_a_token_of_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        write(b"short")


@given(st.lists(scopes, min_size=1, max_size=10))
def test_every_permission_group_and_the_star_are_scopes(listed: list[str]) -> None:
    assert scope_faults(listed) == []


@pytest.mark.parametrize(("scope", "fix"), [("incident.reed", "incident.read"), ("incidents.*", "incident.*")])
def test_a_misspelt_scope_gets_a_guess(scope: str, fix: str) -> None:
    fault = scope_faults(["*", scope])[0]
    assert fault.field == "scopes.1"
    assert fix in fault.fix


def test_no_scopes_are_no_token() -> None:
    assert scope_faults([])[0].field == "scopes"


@given(st.lists(scopes, max_size=5), scopes)
def test_whoever_covers_a_scope_covers_all_that_it_gives(held: list[str], wanted: str) -> None:
    if covers(held, wanted):
        given_by_wanted = [each for each in Permission if covers([wanted], str(each))]
        assert all(covers(held, str(each)) for each in given_by_wanted)


@pytest.mark.parametrize(
    ("life", "refused"),
    [
        (timedelta(days=365), False),
        (timedelta(seconds=1), False),
        (timedelta(0), True),
        (timedelta(days=366), True),
    ],
)
def test_a_token_lives_for_a_year_at_most(life: timedelta, refused: bool) -> None:
    assert bool(expiry_faults(life)) is refused


def test_a_token_is_active_until_it_expires_or_is_revoked() -> None:
    fields = (UUID(int=1), "ci", "ana", "mst_abcd", ("*",), NOW, NOW + timedelta(days=1), None)
    assert ApiToken(*fields, None).state(NOW) == "active"
    assert ApiToken(*fields, None).state(NOW + timedelta(days=1)) == "expired"
    assert ApiToken(*fields, NOW).state(NOW) == "revoked"


def session(seen: datetime = NOW, user_agent: str = "") -> Session:
    """A session that began at NOW."""
    return Session(UUID(int=1), UUID(int=2), "192.0.2.1", user_agent, NOW, seen, NOW + LONGEST)


@given(st.timedeltas(timedelta(0), LONGEST * 2), st.timedeltas(timedelta(0), LONGEST * 2))
def test_a_session_lives_while_it_is_young_and_used(seen: timedelta, later: timedelta) -> None:
    at = NOW + seen + later
    assert session(NOW + seen).alive(at) is (at < NOW + LONGEST and later < IDLE)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("", "a browser"),
    ],
)
def test_a_session_says_which_device_it_is(user_agent: str, device: str) -> None:
    assert session(user_agent=user_agent).device == device


def test_the_forgery_token_belongs_to_one_cookie_and_does_not_show_it() -> None:
    assert csrf_of("one") != csrf_of("two")
    assert "one" not in csrf_of("one")
    assert len(csrf_of("one")) == 64
