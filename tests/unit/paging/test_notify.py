"""People's rules, evaluated: what they asked for comes when they asked for it, and no page ever vanishes through a rule."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.paging.delivery import Hold
from muster.paging.notify import plan_for, quieted
from muster.paging.run import advance
from muster.paging.targets import Address, Reachable, Snapshot
from muster.people.notify import Notify
from muster.plan.model.fields import Target
from muster.plan.steps import FrozenStep

NIGHT = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
DAY = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
KINDS = ("ntfy", "sms", "voice", "email")
LADDER = {"severity": "critical", "do": [{"by": "ntfy"}, {"after": "2m", "by": "sms"}, {"after": "4m", "by": "voice"}]}
QUIET = {"from": "22:00", "to": "07:00"}


def ana(*kinds: str, zone: str = "UTC", **said: Any) -> Reachable:
    """Ana with contacts of these kinds and what she said."""
    addresses = tuple(Address(UUID(int=number), kind, f"{kind}-{number}", True) for number, kind in enumerate(kinds))
    return Reachable(UUID(int=1), "ana", zone, True, addresses, Notify.model_validate(said))


def planned(person: Reachable, severity: str, now: datetime) -> list[tuple[str, float]]:
    """Kind and minutes until it is sent."""
    return [
        (each.address.channel, ((each.send_at or now) - now) / timedelta(minutes=1))
        for each in plan_for(person, severity, now)
    ]


def test_a_ladder_is_climbed_as_it_was_written() -> None:
    person = ana("sms", "ntfy", "voice", notify=[LADDER])
    assert planned(person, "critical", NIGHT) == [("ntfy", 0), ("sms", 2), ("voice", 4)]
    assert [each.hold for each in plan_for(person, "critical", NIGHT)] == [Hold.NONE, Hold.RULE, Hold.RULE]


def test_the_first_rule_that_fits_decides_by_severity_and_hours() -> None:
    office = {"hours": {"days": "mon-fri", "from": "09:00", "to": "17:00"}, "do": [{"by": "ntfy"}]}
    person = ana(
        "sms", "ntfy", "email", zone="Europe/Lisbon", notify=[{"severity": "low", "do": [{"by": "email"}]}, office]
    )
    assert planned(person, "low", DAY) == [("email", 0)]
    assert planned(person, "critical", DAY) == [("ntfy", 0)]
    assert planned(person, "critical", NIGHT) == [("sms", 0)]
    assert plan_for(person, "critical", NIGHT)[0].why == (
        "None of ana's rules is about critical at this time: contacts are used in order."
    )


def test_a_rule_without_its_contacts_falls_back_to_their_order_and_says_so() -> None:
    (only,) = plan_for(ana("email", notify=[{"do": [{"by": "sms"}, {"by": "voice", "after": "5m"}]}]), "low", DAY)
    assert (only.address.channel, only.send_at) == ("email", None)
    assert only.why == "ana's rule names sms, voice, which ana has no contact for: contacts are used in order."


def test_what_stands_in_for_a_missing_first_contact_takes_its_time() -> None:
    person = ana("sms", "voice", notify=[LADDER])
    assert planned(person, "critical", DAY) == [("sms", 0), ("voice", 4)]
    assert plan_for(person, "critical", DAY)[0].why == "ana's rule names ntfy first, which ana has no contact for."


def test_quiet_hours_wait_for_their_end_and_keep_the_distances() -> None:
    person = ana("ntfy", "sms", "voice", notify=[{**LADDER, "severity": "high"}], quiet_hours=QUIET)
    assert planned(person, "high", NIGHT) == [("ntfy", 240), ("sms", 242), ("voice", 244)]
    assert planned(person, "high", DAY) == [("ntfy", 0), ("sms", 2), ("voice", 4)]
    before = datetime(2026, 3, 2, 21, 59, tzinfo=UTC)
    assert planned(person, "high", before) == [("ntfy", 0), ("sms", 541), ("voice", 543)]


def test_what_pierces_comes_at_once() -> None:
    assert planned(ana("ntfy", quiet_hours=QUIET), "critical", NIGHT) == [("ntfy", 0)]
    assert planned(ana("ntfy", quiet_hours={**QUIET, "pierced_by": []}), "critical", NIGHT) == [("ntfy", 240)]
    assert planned(ana("ntfy", quiet_hours={**QUIET, "pierced_by": ["high"]}), "high", NIGHT) == [("ntfy", 0)]


def test_quiet_hours_are_by_the_persons_clock_also_when_it_jumps() -> None:
    berlin = ana("ntfy", zone="Europe/Berlin", quiet_hours=QUIET)
    eve = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    (only,) = plan_for(berlin, "low", eve)
    assert only.send_at == datetime(2026, 3, 29, 5, 0, tzinfo=UTC), (
        "the clocks went forward: 07:00 comes an hour earlier"
    )


def test_a_step_that_means_only_sleepers_does_not_wait_and_the_run_outlasts_the_night() -> None:
    steps = (FrozenStep((Target("person", "ana"),), timedelta(minutes=5), "first"),) * 2
    snapshot = Snapshot(persons={"ana": ana("ntfy", quiet_hours=QUIET)})
    going = advance(steps, 0, "It fires.", quieted(snapshot, "low", NIGHT), {}, NIGHT)
    assert [(each.number, each.reaches) for each in going.taken] == [(1, False), (2, False)]
    assert going.taken[0].meant[0].deferred == ("ana",)
    assert going.next_at == datetime(2026, 3, 3, 7, 5, tzinfo=UTC)
    awake = advance(steps, 0, "It fires.", quieted(snapshot, "critical", NIGHT), {}, NIGHT)
    assert awake.taken[0].reaches


hours = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda each: f"{each[0]:02}:{each[1]:02}")
spans = st.fixed_dictionaries(
    {"from": hours, "to": hours, "days": st.sampled_from(["mon-fri", "sat-sun", "mon-sun", "tue"])}
)
doing = st.fixed_dictionaries(
    {"by": st.sampled_from([*KINDS, "slack"]), "after": st.integers(0, 7200).map(lambda n: f"{n}s")}
)
rules = st.fixed_dictionaries(
    {
        "do": st.lists(doing, min_size=1, max_size=5),
        "severity": st.lists(st.sampled_from(["critical", "low"]), max_size=2),
    },
    optional={"hours": spans},
)
said = st.fixed_dictionaries({"notify": st.lists(rules, max_size=4)}, optional={"quiet_hours": spans})
moments = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Nowhere/Known"])


@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=4), said, st.sampled_from(["critical", "low"]), moments, zones
)
def test_no_page_vanishes_and_none_comes_in_quiet_hours(
    kinds: list[str], what: dict[str, Any], severity: str, now: datetime, zone: str
) -> None:
    person = ana(*kinds, zone=zone, **what)
    plans = plan_for(person, severity, now)
    assert plans
    local = zone if zone != "Nowhere/Known" else "UTC"
    for each in plans:
        assert each.address in person.addresses
        at = each.send_at or now
        assert at >= now + each.after
        assert (each.send_at is None) == (each.hold is Hold.NONE)
        # Only hours that never end hold anything beyond their end.
        assert person.notify.quiet_until(severity, at, local) is None or at >= now + timedelta(days=7)
        assert each.hold is not Hold.QUIET or each.why
    rule = person.notify.rule_for(severity, now, local)
    if rule and not person.notify.quiet_hours and any(each.by in kinds for each in rule.do):
        assert plans[0].after == min(each.after for each in rule.do)
    assert list(plans) == sorted(plans, key=lambda each: each.send_at or now)
