"""The table of states: no sequence of transitions leaves it, and every refusal says what helps."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from muster.incidents.incident import OPEN, State, parse_ref
from muster.incidents.lifecycle import MERGE, TRANSITIONS, Transition, move


class Lifecycle(RuleBasedStateMachine):
    """An incident on which anything is tried in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.merged = State.TRIGGERED, False
        self.path = [State.TRIGGERED]

    @rule(transition=st.sampled_from(TRANSITIONS))
    def try_a_transition(self, transition: Transition) -> None:
        moved = move(self.state, transition, merged=self.merged)
        if moved.to is None:
            assert moved.reason.endswith(".")
            return
        assert moved.reason == ""
        self.state = moved.to
        self.merged = self.merged or transition is MERGE
        self.path.append(moved.to)

    @precondition(lambda self: self.merged)
    @rule(transition=st.sampled_from(TRANSITIONS))
    def a_merged_one_never_moves(self, transition: Transition) -> None:
        assert move(self.state, transition, merged=True).to is None

    @invariant()
    def it_is_in_a_state_of_the_glossary(self) -> None:
        assert self.state in State

    @invariant()
    def it_is_only_closed_from_resolved_or_by_a_merge(self) -> None:
        for before, after in zip(self.path, self.path[1:], strict=False):
            if after is State.CLOSED and not self.merged:
                assert before is State.RESOLVED
            if after is State.MITIGATED:
                assert before is State.ACKNOWLEDGED


TestLifecycle = Lifecycle.TestCase


@given(st.sampled_from(State), st.sampled_from(TRANSITIONS), st.booleans())
def test_every_pair_has_an_answer(state: State, transition: Transition, merged: bool) -> None:
    moved = move(state, transition, merged=merged)
    assert (moved.to is None) == bool(moved.reason)
    if moved.to is not None:
        assert state in transition.sources
        assert moved.to is transition.to


def test_from_every_state_but_a_merge_there_is_a_way_to_closed() -> None:
    for start in State:
        reached, edge = {start}, [start]
        while edge:
            state = edge.pop()
            for transition in TRANSITIONS:
                to = move(state, transition).to
                if to is not None and to not in reached:
                    reached.add(to)
                    edge.append(to)
        assert State.CLOSED in reached
        assert reached & OPEN


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    parse_ref(text)


def test_references_are_read_as_people_write_them() -> None:
    assert [parse_ref(text) for text in ("INC-142", "inc-142", " 142 ", "x", "INC-", "")] == [
        142,
        142,
        142,
        None,
        None,
        None,
    ]
