"""What follows an attempt to send: quick retries, then the next contact, then patience, and an end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.paging.channel import MessageKind, Receipt, SendOutcome, handed_over, refused, retry
from muster.paging.delivery import (
    LAST_RESORT,
    MOST_ATTEMPTS,
    PAUSES,
    DeliveryState,
    Hold,
    Next,
    judge,
    pending,
    resting,
)
from muster.paging.shown import shown
from muster.paging.targets import Address, Reachable


def test_what_a_provider_took_is_done() -> None:
    assert judge(handed_over("Taken."), 1, others=True).next is Next.DONE


def test_what_is_refused_goes_to_the_next_contact_at_once() -> None:
    assert judge(refused("No such user."), 1, others=True).next is Next.FAIL_OVER
    assert judge(refused("No such user."), 1, others=False).next is Next.GIVE_UP


def test_a_passing_trouble_is_tried_again_shortly_then_elsewhere() -> None:
    verdicts = [judge(retry("Busy."), attempt, others=True) for attempt in range(1, len(PAUSES) + 2)]
    assert [each.next for each in verdicts] == [*[Next.AGAIN] * len(PAUSES), Next.FAIL_OVER]
    assert tuple(each.pause for each in verdicts[:-1]) == PAUSES


def test_the_only_contact_is_tried_for_long_with_growing_pauses() -> None:
    verdicts = [judge(retry("Busy."), attempt, others=False) for attempt in range(1, MOST_ATTEMPTS)]
    assert {each.next for each in verdicts} == {Next.AGAIN}
    pauses = [each.pause for each in verdicts]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LAST_RESORT[-1]
    assert judge(retry("Busy."), MOST_ATTEMPTS, others=False).next is Next.GIVE_UP


def test_a_provider_that_asks_for_minutes_is_not_waited_for_when_there_is_another_contact() -> None:
    patient = retry("Too many requests.", timedelta(minutes=10))
    assert judge(patient, 1, others=True).next is Next.FAIL_OVER
    assert judge(patient, 1, others=False).pause == timedelta(minutes=10)


@given(
    st.sampled_from(list(SendOutcome)), st.integers(1, 60), st.booleans(), st.one_of(st.none(), st.integers(0, 10_000))
)
def test_judging_is_total_and_never_waits_less_than_asked(
    outcome: SendOutcome, attempt: int, others: bool, asked: int | None
) -> None:
    wait = timedelta(seconds=asked) if asked is not None else None
    verdict = judge(Receipt(outcome, "why", retry_after=wait), attempt, others=others)
    assert verdict.next is not Next.FAIL_OVER or others
    if verdict.next is Next.AGAIN:
        assert verdict.pause >= (wait or timedelta(0))
        assert verdict.pause > timedelta(0)


def test_what_a_rehearsal_holds_back_says_so_and_nothing_else_does() -> None:
    address = Address(None, "webhook", "https://hooks.example/ana", True)
    person = Reachable(UUID(int=1), "ana", "UTC", True, (address,))
    waiting = pending(UUID(int=2), MessageKind.PAGE, person, address, "on call", datetime(2026, 3, 2, tzinfo=UTC))
    assert resting(waiting, "") == waiting
    held = resting(waiting, "It was started with --rehearsal.")
    assert (held.state, held.hold) == (waiting.state, Hold.REHEARSAL)
    assert (shown(held).state, shown(held).tone) == ("rehearsal", "waiting")
    assert held.reason.endswith("It was started with --rehearsal.")
    sent = replace(waiting, state=DeliveryState.HANDED_OVER)
    assert resting(sent, "It was started with --rehearsal.") == sent
