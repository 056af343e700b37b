"""Contacts are proved anew in time: each proof has one clock, and owners are asked neither too seldom nor too often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.paging.reproof import ASK_AGAIN, REPROVE, Watched, clock_of, upkeep
from muster.people.contact import Contact
from muster.plan.model.contacts import Contacts

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
RULES = Contacts()
ANA = UUID(int=7)


def _contact(number: int = 1, proved: timedelta | None = timedelta(0), asked: timedelta | None = None) -> Contact:
    verified_at = NOW - proved if proved is not None else None
    by = "code" if verified_at else ""
    asked_at = NOW - asked if asked is not None else None
    return Contact(UUID(int=number), ANA, "email", "ana@contoso.example", 1, verified_at, by, True, asked_at)


def _clock(contact: Contact, *, running: bool = True) -> Watched:
    spec = clock_of(contact, RULES)
    return Watched(contact.id, spec.subject, spec.due_at, spec.data["proved_at"], running)


def test_a_proof_gets_a_clock_that_ends_with_it() -> None:
    due = upkeep([_contact()], [], RULES, NOW)
    assert [(clock.subject, clock.kind.key(clock.about), clock.due_at) for clock in due.start] == [
        (f"person:{ANA}", REPROVE.key(UUID(int=1)), NOW + timedelta(days=90))
    ]
    assert (due.cancel, due.ask) == ((), ())
    assert "a…@contoso.example" in due.start[0].label


def test_what_was_never_proved_has_no_clock_and_is_not_asked_for() -> None:
    assert upkeep([_contact(proved=None)], [], RULES, NOW) == upkeep([], [], RULES, NOW)


def test_a_clock_that_fits_is_left_alone_also_after_it_ran_out() -> None:
    old = _contact(proved=timedelta(days=100), asked=timedelta(days=1))
    assert upkeep([old], [_clock(old, running=False)], RULES, NOW).start == ()
    new = _contact()
    assert upkeep([new], [_clock(new)], RULES, NOW).start == ()


def test_another_period_or_proof_gets_a_new_clock_and_what_is_gone_none() -> None:
    contact = _contact(proved=timedelta(days=10))
    shorter = Contacts(reprove_every=timedelta(days=30))
    due = upkeep([contact], [_clock(contact)], shorter, NOW)
    assert due.cancel == ((f"person:{ANA}", str(contact.id)),)
    assert [each.due_at for each in due.start] == [NOW + timedelta(days=20)]
    assert upkeep([], [_clock(contact)], RULES, NOW).cancel == due.cancel
    assert upkeep([], [_clock(contact, running=False)], RULES, NOW).cancel == ()


def test_owners_are_asked_once_before_and_then_every_week() -> None:
    before = _contact(proved=timedelta(days=84))
    assert upkeep([before], [], RULES, NOW).ask == (before,)
    asked = replace(before, asked_at=NOW - timedelta(days=1))
    assert upkeep([asked], [], RULES, NOW).ask == ()
    overdue = _contact(proved=timedelta(days=91), asked=timedelta(days=5))
    assert upkeep([overdue], [], RULES, NOW).ask == (overdue,), "once more as soon as it is overdue"
    again = _contact(proved=timedelta(days=95), asked=timedelta(days=5))
    assert upkeep([again], [], RULES, NOW).ask == ()
    assert upkeep([again], [], RULES, NOW + timedelta(days=2)).ask == (again,)


@given(st.integers(0, 400), st.integers(0, 400))
def test_following_what_is_due_leaves_nothing_to_do(proved: int, ahead: int) -> None:
    contact = _contact(proved=timedelta(days=proved))
    now = NOW + timedelta(days=ahead)
    first = upkeep([contact], [], RULES, now)
    asked = replace(contact, asked_at=now) if first.ask else contact
    second = upkeep([asked], [_clock(contact)], RULES, now)
    assert (second.cancel, second.start, second.ask) == ((), (), ())
    assert bool(upkeep([asked], [], RULES, now + ASK_AGAIN).ask) == (
        now + ASK_AGAIN >= clock_of(contact, RULES).due_at - RULES.ask_before
    )
