"""Schedules, overrides and nights on which clocks jump, for property tests."""

from datetime import UTC, datetime, time, timedelta

import whenever
from hypothesis import strategies as st

from muster.oncall.schedule import HandOff, Layer, Override, Rotate, Schedule, Window

ODD_ZONES = (
    "Europe/Stockholm",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Asia/Gaza",
    "Atlantic/Azores",
    "Pacific/Kwajalein",
    "UTC",
)
ZONES = sorted(zone for zone in whenever.available_timezones())
PEOPLE = ("ana", "bo", "cy", "dee")

zones = st.sampled_from(ODD_ZONES) | st.sampled_from(ZONES)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45))) | st.builds(
    time, st.integers(0, 3), st.integers(0, 59)
)
turns = st.lists(
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True).map(tuple), min_size=1, max_size=4
).map(tuple)


def transition_after(zone: str, instant: datetime) -> datetime:
    """The next change of the zone's clocks within 15 months, or the instant itself where there is none."""
    change = whenever.Instant(instant).to_tz(zone).next_transition()
    found = change.to_instant().to_stdlib() if change else instant
    return found if found - instant < timedelta(days=460) else instant


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start, end = draw(clocks), draw(clocks)
    later = draw(st.integers(0, 6))
    return Window(draw(st.integers(0, 6)), start, later or int(end <= start), end)


@st.composite
def layers(draw: st.DrawFn, zone: str, around: datetime, name: str) -> Layer:
    rotate = draw(st.sampled_from(Rotate))
    days = {Rotate.WEEKLY: st.integers(0, 6), Rotate.MONTHLY: st.integers(1, 31)}
    local = around.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    start = local - timedelta(days=draw(st.integers(-2, 400)), minutes=-draw(st.integers(0, 1439)))
    return Layer(
        name=name,
        turns=draw(turns),
        rotate=rotate,
        every=draw(st.integers(1, 5)),
        hand_off=HandOff(draw(clocks), draw(days[rotate]) if rotate in days else None),
        zone=zone,
        start=start,
        end=start + timedelta(minutes=draw(st.integers(1, 600_000))) if draw(st.booleans()) else None,
        windows=tuple(draw(st.lists(windows(), max_size=3))),
    )


@st.composite
def nights(draw: st.DrawFn) -> tuple[Schedule, tuple[Override, ...], datetime, datetime]:
    """A schedule, its overrides and up to two days around a change of its clocks, in whole minutes."""
    zone = draw(zones)
    some_day = datetime(1993, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 40 * 365)))
    middle = transition_after(zone, some_day).replace(second=0, microsecond=0)
    start = middle - timedelta(minutes=draw(st.integers(0, 1440)))
    end = start + timedelta(minutes=draw(st.integers(1, 2000)))
    other = draw(st.just(zone) | zones)
    count = draw(st.integers(1, 3))
    made = tuple(draw(layers(zone if number else other, middle, f"layer-{number}")) for number in range(count))
    overrides = []
    for number in range(draw(st.integers(0, 3))):
        begins = start + timedelta(minutes=draw(st.integers(-1000, 1000)))
        length = timedelta(minutes=draw(st.integers(1, 1000)))
        overrides.append(Override(draw(st.sampled_from((*PEOPLE, None))), begins, begins + length, str(number)))
    return Schedule("s", zone, made), tuple(overrides), start, end
