"""The gate for storms: no delivery is lost or doubled, the worse never waits behind the milder, limits hold and say so."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.paging.delivery import Hold
from muster.paging.storm import Due, Released, Ruling, rule
from muster.plan.model.flow import Bundling, Limit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
USUAL = Bundling()


def due(*ranks: int) -> list[Due]:
    """Deliveries at the gate by severity."""
    return [Due(UUID(int=number), rank) for number, rank in enumerate(ranks, 1)]


def sent(*seconds_and_ranks: tuple[int, int]) -> list[Released]:
    """Messages that went this many seconds ago."""
    return [Released(NOW - timedelta(seconds=seconds), rank) for seconds, rank in seconds_and_ranks]


def ids(*numbers: int) -> tuple[UUID, ...]:
    """Deliveries by number."""
    return tuple(UUID(int=number) for number in numbers)


def test_a_few_pages_are_a_message_each() -> None:
    assert rule(due(1, 1, 1), [], USUAL, None, "ntfy", NOW) == Ruling(alone=ids(1, 2, 3))


def test_many_at_once_are_one_message_at_once() -> None:
    ruling = rule(due(*[1] * 37), [], USUAL, None, "ntfy", NOW)
    assert (ruling.alone, len(ruling.together), ruling.held) == ((), 37, ())


def test_what_comes_after_the_third_message_waits_until_the_window_has_room() -> None:
    ruling = rule(due(1), sent((50, 1), (20, 1), (10, 1)), USUAL, None, "ntfy", NOW)
    (held,) = ruling.held
    assert (held.until, held.hold) == (NOW + timedelta(seconds=10), Hold.BUNDLE)
    assert "gathered" in held.reason


def test_a_worse_incident_goes_at_once_and_alone_while_milder_ones_wait() -> None:
    ruling = rule(due(2, 0, 2), sent((30, 2), (20, 2), (10, 2)), USUAL, None, "ntfy", NOW)
    assert ruling.alone == ids(2)
    assert {each.id for each in ruling.held} == set(ids(1, 3))


def test_a_limit_merges_while_there_is_room_for_one_message() -> None:
    limit = Limit(most=10)
    lately = sent(*[(100 + 10 * n, 1) for n in range(9)])
    assert rule(due(1), lately, USUAL, limit, "sms", NOW).alone == ids(1)
    assert rule(due(1, 1), lately, USUAL, limit, "sms", NOW).together == ids(1, 2)


def test_beyond_the_limit_a_mild_page_waits_and_the_worst_tries_another_contact() -> None:
    lately = sent(*[(100 + 10 * n, 1) for n in range(10)])
    ruling = rule(due(0, 1), lately, USUAL, Limit(most=10), "sms", NOW)
    assert ruling.elsewhere == ids(1)
    (held,) = ruling.held
    assert (held.hold, held.until) == (Hold.LIMIT, NOW - timedelta(seconds=190) + timedelta(minutes=10))
    assert "10 messages by sms within 10 min is the plan's limit" in held.reason


def test_the_limit_counts_all_contacts_of_a_kind_and_bundling_only_this_one() -> None:
    elsewhere = [Released(NOW - timedelta(seconds=5), 1, here=False) for _ in range(3)]
    assert rule(due(1), elsewhere, USUAL, None, "sms", NOW).alone == ids(1)
    assert rule(due(1), elsewhere, USUAL, Limit(most=3), "sms", NOW).held


ranks = st.lists(st.integers(0, 3), min_size=1, max_size=30)
history = st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 3), st.booleans()), max_size=20)
limits = st.one_of(st.none(), st.builds(lambda most: Limit(most=most), st.integers(1, 12)))
bundlings = st.builds(lambda after: Bundling(after=after), st.integers(1, 6))


@given(ranks, history, bundlings, limits)
def test_every_delivery_has_one_fate_and_the_worse_never_waits_behind_the_milder(
    wanted: list[int], before: list[tuple[int, int, bool]], bundling: Bundling, limit: Limit | None
) -> None:
    waiting = due(*wanted)
    released = [Released(NOW - timedelta(seconds=age), rank, here) for age, rank, here in before]
    ruling = rule(waiting, released, bundling, limit, "sms", NOW)
    fates = [*ruling.alone, *ruling.together, *(each.id for each in ruling.held), *ruling.elsewhere]
    assert sorted(fates) == sorted(each.id for each in waiting)
    assert all(each.until > NOW and each.reason for each in ruling.held)
    rank = {each.id: each.rank for each in waiting}
    gone = [rank[id] for id in (*ruling.alone, *ruling.together)]
    stayed = [rank[each.id] for each in ruling.held]
    if gone and stayed:
        assert max(gone) <= min(stayed)
    assert all(rank[id] == 0 for id in ruling.elsewhere)
    assert len(ruling.together) != 1 or not ruling.alone
    # Neither the window nor the limit is ever exceeded.
    messages = len(ruling.alone) + bool(ruling.together)
    if messages and limit:
        assert messages + sum(each.at > NOW - limit.within for each in released) <= limit.most
    if messages > 1:
        lately = [each for each in released if each.here and each.at > NOW - bundling.within and each.rank <= max(gone)]
        assert len(lately) + messages <= bundling.after


@given(ranks, history, bundlings, limits)
def test_what_waits_goes_in_the_end_if_nothing_else_comes(
    wanted: list[int], before: list[tuple[int, int, bool]], bundling: Bundling, limit: Limit | None
) -> None:
    now, waiting = NOW, due(*wanted)
    released = [Released(NOW - timedelta(seconds=age), rank, here) for age, rank, here in before]
    rank = {each.id: each.rank for each in waiting}
    for _ in range(60):
        ruling = rule(waiting, released, bundling, limit, "sms", now)
        released += [Released(now, rank[id]) for id in ruling.alone]
        released += [Released(now, min(rank[id] for id in ruling.together))] if ruling.together else []
        if not ruling.held:
            return
        left = {each.id for each in ruling.held}
        waiting = [each for each in waiting if each.id in left]
        now = min(each.until for each in ruling.held)
    raise AssertionError("Something waits for ever.")
