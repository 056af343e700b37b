"""Who is twice on call, cannot be reached for certain, or carries more than their share is found before it matters."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muster.oncall.checks.coverage import people_findings
from muster.oncall.checks.finding import FindingKind
from muster.oncall.coverage.roster import Roster
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import HandOff, Layer, Rotate, Schedule

NOW = datetime(2026, 11, 23, tzinfo=UTC)
END = NOW + timedelta(days=84)


def _schedule(*people: str) -> Schedule:
    start = datetime(2026, 11, 23)
    layer = Layer("l", tuple((each,) for each in people), Rotate.WEEKLY, 1, HandOff(start.time(), 0), "UTC", start)
    return Schedule("s", "UTC", (layer,))


def _kinds(schedule: Schedule, *overrides: Override, **more: dict[str, object]) -> list[tuple[FindingKind, str]]:
    zones = dict.fromkeys(schedule.people, "UTC")
    found = people_findings(
        schedule,
        Roster.of(schedule, overrides),
        more.get("others", {}),  # type: ignore[arg-type]
        more.get("doubts", {}),  # type: ignore[arg-type]
        zones,
        NOW,
        END,
    )
    return [(each.kind, each.sentence) for each in found]


def test_a_fair_rotation_of_people_who_can_be_reached_has_no_finding() -> None:
    assert _kinds(_schedule("ana", "ben")) == []


def test_who_might_not_be_reached_is_named_with_their_first_shift() -> None:
    ((kind, sentence),) = _kinds(_schedule("ana", "ben"), doubts={"ben": "has proved no contact", "zo": "is not here"})
    assert kind is FindingKind.UNPROVEN_PERSON
    assert sentence.startswith("ben has proved no contact, and is on call from")
    assert "30 Nov" in sentence or "2026-11-30" in sentence


def test_a_double_booking_is_told_once_with_how_often() -> None:
    day = timedelta(days=1)
    others = {"night": {"ana": [(NOW - day, NOW + day), (NOW + 15 * day, NOW + 30 * day)], "ben": [(NOW, NOW + day)]}}
    ((kind, sentence),) = _kinds(_schedule("ana", "ben"), others=others)
    assert kind is FindingKind.DOUBLE_BOOKING
    assert sentence.startswith("ana is on call by s and by night at once from")
    assert sentence.endswith(", and 2 more times.")


def test_a_load_that_is_well_above_the_even_share_is_told() -> None:
    taken = Override("ana", NOW + timedelta(days=7), NOW + timedelta(days=70))
    found = _kinds(_schedule("ana", "ben"), taken)
    assert {kind for kind, _ in found} == {FindingKind.UNFAIR_LOAD}
    assert any("ana carries" in sentence and "of the hours on call" in sentence for _, sentence in found)


spans = st.lists(st.tuples(st.integers(0, 83), st.integers(1, 9)), max_size=5)


@given(spans)
def test_a_double_booking_is_found_exactly_where_both_have_the_person(made: list[tuple[int, int]]) -> None:
    days: set[int] = set()
    for first, long in made:
        days.update(range(first, min(first + long, 84)))
    times = [(NOW + timedelta(days=day), NOW + timedelta(days=day + 1)) for day in sorted(days)]
    found = _kinds(_schedule("ana", "ben"), others={"t": {"ana": times}})
    ana = {day for day in range(84) if day // 7 % 2 == 0}
    assert (FindingKind.DOUBLE_BOOKING in {kind for kind, _ in found}) == bool(days & ana)
