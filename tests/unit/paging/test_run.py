"""The escalation as a pure function: every step in order, nobody waits for a step that reaches nobody."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from muster.paging.run import advance
from muster.paging.targets import Address, OnCall, Reachable, Snapshot, resolve
from muster.plan.model.fields import Target
from muster.plan.steps import FrozenStep

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
NAMES = ("ana", "bo", "chen", "dana")


def person(name: str, *, active: bool = True, contacts: int = 1) -> Reachable:
    """Somebody with some webhooks."""
    addresses = tuple(Address(UUID(int=n), "webhook", f"http://{name}/{n}", True) for n in range(contacts))
    return Reachable(UUID(int=NAMES.index(name)), name, "UTC", active, addresses)


def step(*targets: str, minutes: int = 5) -> FrozenStep:
    """A step as the plan writes it."""
    return FrozenStep(tuple(Target(*each.split(":", 1)) for each in targets), timedelta(minutes=minutes), "first")


EVERYBODY = {name: person(name) for name in NAMES}


def test_a_step_waits_for_its_own_time() -> None:
    steps = (step("person:ana", minutes=2), step("person:bo", minutes=7))
    first = advance(steps, 0, "It fires.", Snapshot(persons=EVERYBODY), {}, NOW)
    assert [taken.number for taken in first.taken] == [1]
    assert first.next_at == NOW + timedelta(minutes=2)
    second = advance(steps, 1, "Nobody acknowledged.", Snapshot(persons=EVERYBODY), {}, NOW)
    assert [taken.number for taken in second.taken] == [2]
    assert second.next_at == NOW + timedelta(minutes=7)
    assert advance(steps, 2, "Nobody acknowledged.", Snapshot(persons=EVERYBODY), {}, NOW).next_at is None


def test_a_step_that_reaches_nobody_does_not_wait() -> None:
    steps = (step("schedule:empty"), step("team:none"), step("person:bo"))
    snapshot = Snapshot({"empty": OnCall((), "No layer covers this time.")}, {"none": ()}, EVERYBODY)
    going = advance(steps, 0, "It fires.", snapshot, {}, NOW)
    assert [(taken.number, taken.reaches) for taken in going.taken] == [(1, False), (2, False), (3, True)]
    assert going.taken[1].why == "Step 1 reaches nobody."
    assert going.taken[0].meant[0].reason == "Nobody is on call by empty. No layer covers this time."


def test_who_has_left_or_has_no_contact_is_named_with_the_reason() -> None:
    persons = {"ana": person("ana", active=False), "bo": person("bo", contacts=0), "chen": person("chen")}
    meant = resolve(
        step("team:all").targets, Snapshot(teams={"all": ("ana", "bo", "chen", "dana")}, persons=persons), {}
    )
    assert meant[0].people == ("chen",)
    assert meant[0].sentences == ("ana has left.", "bo has no contact.", "dana is not known any more.")


def test_nobody_is_paged_twice_in_one_step() -> None:
    snapshot = Snapshot({"primary": OnCall(("ana",), "Her turn.")}, {"all": ("ana", "bo")}, EVERYBODY)
    meant = resolve(step("schedule:primary", "team:all", "person:bo").targets, snapshot, {})
    assert [each.people for each in meant] == [("ana",), ("bo",), ()]


def test_a_role_means_its_holder_in_the_incident_before_the_plans() -> None:
    snapshot = Snapshot(persons=EVERYBODY, roles={"duty": (Target("person", "dana"),)})
    assert resolve(step("role:duty").targets, snapshot, {"duty": "ana"})[0].people == ("ana",)
    assert resolve(step("role:duty").targets, snapshot, {})[0].people == ("dana",)
    assert resolve(step("role:other").targets, snapshot, {})[0].reason == "Nobody has the role other."


targets = st.lists(
    st.sampled_from(
        ["person:ana", "person:bo", "person:gone", "schedule:primary", "schedule:empty", "team:all", "role:none"]
    ),
    min_size=1,
    max_size=4,
)


@given(st.lists(targets, min_size=1, max_size=6), st.integers(0, 6))
def test_advancing_is_total_and_takes_each_step_once(written: list[list[str]], done: int) -> None:
    steps = tuple(step(*each) for each in written)
    snapshot = Snapshot(
        {"primary": OnCall(("chen",), "Turn."), "empty": OnCall((), "Gap.")}, {"all": ("ana", "bo")}, EVERYBODY
    )
    going = advance(steps, done, "why", snapshot, {}, NOW)
    numbers = [taken.number for taken in going.taken]
    assert numbers == list(range(done + 1, done + 1 + len(numbers)))
    assert all(not taken.reaches for taken in going.taken[:-1])
    if going.next_at is None:
        assert not going.taken or not going.taken[-1].reaches
        assert not numbers or numbers[-1] == len(steps)
    else:
        assert going.taken[-1].reaches
        assert going.next_at == NOW + steps[numbers[-1] - 1].wait
