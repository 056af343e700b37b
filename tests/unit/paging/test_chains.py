"""Every moment at which a policy would wake nobody is found before it comes, and none is made up."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import at
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import HandOff, Layer, Rotate, Schedule, Window
from muster.paging.chain_flaws import Flaw, Weakness, flaws
from muster.paging.known import PagingWorld
from muster.paging.targets import Address, Reachable
from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan
from muster.plan.steps import FrozenStep

NOW = datetime(2026, 11, 22, tzinfo=UTC)
END = NOW + timedelta(days=90)
PLAN = Plan.model_validate({"routes": [{"if": "true", "to": "p"}], "escalation": {"p": [{"notify": ["person:ana"]}]}})


def _person(name: str, *, active: bool = True, contacts: int = 1) -> Reachable:
    addresses = tuple(Address(UUID(int=number), "email", f"{name}@x.example", True) for number in range(contacts))
    return Reachable(UUID(int=len(name)), name, "UTC", active, addresses)


def _target(text: str) -> Target:
    kind, _, name = text.partition(":")
    return Target(kind, name)  # type: ignore[arg-type]


def _schedule(*people: str, windows: tuple[Window, ...] = ()) -> Schedule:
    start = datetime(2026, 1, 5)
    turns = tuple((each,) for each in people)
    layer = Layer("l", turns, Rotate.WEEKLY, 1, HandOff(start.time(), 0), "UTC", start, windows=windows)
    return Schedule("s", "UTC", (layer,))


def _found(
    *targets: str, known: PagingWorld, proven: tuple[str, ...] = ("ana", "ben"), steps: int = 1
) -> tuple[Flaw, ...]:
    each = tuple(FrozenStep((_target(target),), timedelta(minutes=5), "p") for target in targets)
    return flaws(known, {"p": each * steps}, proven, NOW, END)


def _known(schedule: Schedule | None = None, *overrides: Override, **persons: Reachable) -> PagingWorld:
    people = {"ana": _person("ana"), "ben": _person("ben"), **persons}
    rosters = {"s": Roster.of(schedule, overrides)} if schedule else {}
    return PagingWorld(PLAN, rosters, {"t": ("ana", "ben"), "empty": ()}, people)


def test_a_chain_that_always_wakes_somebody_has_no_flaw() -> None:
    assert _found("schedule:s", known=_known(_schedule("ana", "ben"))) == ()


def test_a_gap_is_found_with_its_moment() -> None:
    gap = Override(None, NOW + timedelta(days=40), NOW + timedelta(days=40, hours=3))
    (flaw,) = _found("schedule:s", known=_known(_schedule("ana"), gap))
    assert (flaw.weakness, flaw.start, flaw.end, flaw.times) == (Weakness.NOBODY, gap.start, gap.end, 1)
    assert "The policy p wakes nobody from Fri 01 Jan 00:00 to Fri 01 Jan 03:00 (UTC)." in flaw.sentence


def test_a_gap_of_the_first_step_that_the_second_bridges_is_told_as_such() -> None:
    gap = Override(None, NOW + timedelta(days=1), NOW + timedelta(days=2))
    (flaw,) = _found("schedule:s", "person:ben", known=_known(_schedule("ana"), gap))
    assert (flaw.weakness, flaw.start) == (Weakness.FIRST_STEP, gap.start)


def test_gaps_that_come_again_are_one_flaw_with_their_number() -> None:
    days = tuple(Window(day, time(0), 1, time(0)) for day in range(5))
    (flaw,) = _found("schedule:s", known=_known(_schedule("ana", windows=days)))
    assert (flaw.weakness, flaw.times) == (Weakness.NOBODY, 13)
    assert "and 12 more times until" in flaw.sentence


def test_who_left_and_who_has_no_contact_is_named() -> None:
    known = _known(_schedule("ana", "ben"), ben=_person("ben", active=False))
    found = _found("schedule:s", "person:cy", known=known)
    assert [each.weakness for each in found] == [Weakness.NOBODY, Weakness.DEPARTED, Weakness.DEPARTED]
    departed = {each.about: each.sentence for each in found if each.about}
    assert departed.keys() == {"ben", "cy"}
    assert departed["ben"].endswith("ben has left.")
    assert departed["cy"].endswith("cy is not known any more.")


def test_contacts_that_nobody_proved_are_a_flaw_while_they_are_all_there_is() -> None:
    (flaw,) = _found("schedule:s", known=_known(_schedule("ana", "ben")), proven=("ana",))
    assert (flaw.weakness, flaw.times) == (Weakness.UNPROVEN, 7)
    assert "ben proved no contact" in flaw.sentence
    assert _found("schedule:s", "person:ana", known=_known(_schedule("ana", "ben")), proven=("ana",)) == ()


def test_what_does_not_exist_wakes_nobody_as_it_stands() -> None:
    (flaw,) = _found("team:gone", known=_known())
    assert flaw.sentence == "The policy p wakes nobody as it stands. There is no team gone any more."


@given(
    st.lists(st.tuples(st.integers(0, 80 * 24), st.integers(1, 72), st.sampled_from(["ana", "ben", None])), max_size=6),
)
def test_a_flaw_says_nobody_exactly_where_the_schedule_has_nobody(
    made: list[tuple[int, int, str | None]],
) -> None:
    overrides = [
        Override(who, NOW + timedelta(hours=at_), NOW + timedelta(hours=at_ + long)) for at_, long, who in made
    ]
    known = _known(_schedule("ana", "ben"), *overrides)
    found = [each for each in _found("schedule:s", known=known) if each.weakness is Weakness.NOBODY]
    hours = [NOW + timedelta(hours=each) for each in range(90 * 24)]
    empty = [each for each in hours if not at(known.rosters["s"], each).people]
    assert bool(found) == bool(empty)
    if empty:
        assert found[0].start == empty[0]
        assert found[0].times == sum(1 for each in empty if each - timedelta(hours=1) not in empty)
