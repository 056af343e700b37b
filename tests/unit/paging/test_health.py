"""The paging path is called proven only by what it did, and trouble is never hidden by a success elsewhere."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muster.paging.health import Used, health

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGES = st.one_of(st.none(), st.integers(0, 6000).map(lambda seconds: NOW - timedelta(seconds=seconds)))
CHANNELS = st.lists(st.builds(Used, st.sampled_from(["email", "ntfy", "inbox"]), AGES, AGES, st.just("No."), AGES))


def used(sent: int | None = None, failed: int | None = None, waiting: int | None = None, name: str = "ntfy") -> Used:
    ages = [NOW - timedelta(seconds=age) if age is not None else None for age in (sent, failed, waiting)]
    return Used(name, ages[0], ages[1], "Refused." if failed is not None else "", ages[2])


def test_nothing_sent_proves_nothing() -> None:
    found = health([], NOW)
    assert found.proven_at is None
    assert found.trouble == ""
    assert "nothing proves" in found.sentence


def test_a_hand_over_proves_the_path() -> None:
    assert health([used(sent=60)], NOW).proven_at == NOW - timedelta(seconds=60)


def test_a_failure_after_the_last_success_is_trouble_and_unproves_the_path() -> None:
    found = health([used(sent=600, failed=10), used(sent=5, name="inbox")], NOW)
    assert found.trouble == "Pages by ntfy fail"
    assert found.proven_at is None
    assert health([used(sent=10, failed=600)], NOW).trouble == ""


def test_a_message_that_waits_for_more_than_a_minute_is_trouble() -> None:
    assert health([used(sent=600, waiting=59)], NOW).trouble == ""
    assert health([used(sent=600, waiting=61)], NOW).trouble == "Pages by ntfy wait"


@given(CHANNELS)
def test_whatever_fails_or_is_stuck_is_said(channels: list[Used]) -> None:
    found = health(channels, NOW)
    assert bool(found.trouble) == any(each.failing or each.stuck(NOW) for each in channels)
    if found.proven_at:
        assert not any(each.failing for each in channels)
    for each in channels:
        assert each.state(NOW) in ("delivered", "failed", "waiting")
