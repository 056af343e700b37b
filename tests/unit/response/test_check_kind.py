"""A feature brings a kind of check: plan, prose, schema and differences know it, and the gate asks it."""

from dataclasses import replace

import jsonschema_rs
import pytest
from tests.unit.plan.test_reading import WORLD as KNOWN
from tests.unit.plan.texts import SMALL, changed
from tests.unit.response.notice import NOTICE, NoticeFacts
from tests.unit.response.test_decide import BARE, KINDS, NOW, decided, facts

from muster.kit.yamldoc import read_documents
from muster.plan.diff import diff
from muster.plan.mentions import mentions
from muster.plan.model.plan import Plan
from muster.plan.prose import prose
from muster.plan.reader import read_plan, review_plan, stored_plan
from muster.plan.schema import plan_schema
from muster.response.closure import UNKNOWN, UNREADABLE, CheckResult, CheckState, gate
from muster.response.facts import ClosureFacts

WORLD = replace(KNOWN, checks=(*KINDS.values(), NOTICE))
ITEM = "{check: closing_notice_sent, to: team:platform, severities: [critical]}"
GOOD = changed(("closure:\n", f"closure:\n  - {ITEM}\n"))


def judged(plan: Plan, *facts_known: object, brought: bool = True) -> CheckResult:
    """The item of the notice at the gate, where these facts are contributed."""
    kinds = {**KINDS, NOTICE.name: NOTICE} if brought else KINDS
    contributed = {type(value): value for value in (ClosureFacts(kinds), *facts_known)}
    seen = facts(contributed=contributed)
    (check,) = [check for check in gate(plan, seen, NOW).checks if check.kind == "closing_notice_sent"]
    owed = [duty for duty in decided(plan, seen, NOW).obligations if duty.id == check.key]
    assert [duty.state.value for duty in owed] == ([check.state.value] if check.state in ("open", "met") else [])
    return check


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("to: team:nobody", "closure.0.to: There is no team `nobody`."),
        ("to: directors", "closure.0.to: `directors` does not say whom it means."),
        ("to: team:platform, urgent: [gone]", "closure.0.urgent.0: There is no severity `gone`."),
        ("two: team:platform", "closure.0.two: `two` is not a known field here."),
        ("severities: [critical]", "closure.0.to: `to` is missing."),
        ("to: team:platform, params: {}", "closure.0.params: `params` is not a known field here."),
    ],
)
def test_what_is_wrong_in_its_fields_is_told_with_its_place(fields: str, fault: str) -> None:
    item = f"  - {{check: closing_notice_sent, {fields}}}"
    text = changed(("closure:\n", f"closure:\n{item}\n"))
    faults = review_plan(text, "p.yaml", WORLD).faults
    assert [f"{found.field}: {found.rule}" for found in faults] == [fault]
    assert [found.line for found in faults] == [text.splitlines().index(item) + 1]


def test_a_kind_that_is_brought_is_no_longer_for_later() -> None:
    (warning,) = review_plan(GOOD, world=KNOWN).warnings
    assert warning.rule == "The check `closing_notice_sent` is kept as written, and not yet enforced."
    reading = review_plan(GOOD, world=WORLD)
    assert (reading.faults, reading.warnings) == ((), ())
    (fault,) = review_plan(GOOD.replace("closing_notice_sent", "closing_notice_send"), world=WORLD).faults
    assert fault.fix == "Did you mean `closing_notice_sent`?"


def test_it_reads_as_its_feature_words_it() -> None:
    plan = read_plan(GOOD, world=WORLD)
    (closure,) = [part for part in prose(plan, checks=WORLD.checks) if part.anchor == "closure"]
    assert closure.sentences[0] == "A closing notice went to team:platform. (Only at critical.)"
    (closure,) = [part for part in prose(plan, checks=KNOWN.checks) if part.anchor == "closure"]
    assert closure.sentences[0] == "Closing notice sent (kept, not yet enforced). (Only at critical.)"


def test_whom_it_means_is_not_deleted() -> None:
    plan = read_plan(GOOD, world=WORLD)
    assert mentions(plan, "team", "platform", checks=WORLD.checks) == ("`closure.to`",)


def test_a_difference_within_it_is_named_by_its_place() -> None:
    before, after = (
        read_plan(text, world=WORLD) for text in (GOOD, GOOD.replace("to: team:platform", "to: team:security"))
    )
    assert [change.path for change in diff(before, after)] == ["closure[closing_notice_sent].to"]


def test_editors_know_its_fields() -> None:
    validator = jsonschema_rs.Draft202012Validator(plan_schema(checks=WORLD.checks))
    assert validator.is_valid(read_documents(GOOD).documents[0].data)
    assert not validator.is_valid(read_documents(GOOD.replace("to: team", "two: team")).documents[0].data)
    assert not validator.is_valid(read_documents(GOOD.replace("to: team:platform, ", "")).documents[0].data)
    assert validator.is_valid(read_documents(SMALL).documents[0].data)


def test_the_gate_asks_it_and_what_is_not_known_is_open() -> None:
    plan = read_plan(GOOD, world=WORLD)
    check = judged(plan, NoticeFacts(""))
    assert (check.state, check.reason) == (CheckState.OPEN, "No closing notice went to everybody in the team platform.")
    assert (check.title, check.place, check.mine) == ("The closing notice is out", "closure.0", True)
    assert (judged(plan, NoticeFacts("mona")).state, judged(plan, NoticeFacts("mona")).by) == (CheckState.MET, "mona")
    assert (judged(plan).state, judged(plan).reason) == (CheckState.OPEN, UNKNOWN)
    mild = read_plan(GOOD.replace("[critical]", "[low]"), world=WORLD)
    assert judged(mild, NoticeFacts("")).state is CheckState.NOT_ASKED


def test_what_was_published_before_holds_once_it_is_brought() -> None:
    plan = stored_plan(GOOD)
    assert plan == read_plan(GOOD, world=WORLD)
    assert judged(plan, brought=False).state is CheckState.NOT_ENFORCED
    assert judged(plan, NoticeFacts("")).state is CheckState.OPEN
    assert judged(plan, NoticeFacts("mona")).state is CheckState.MET
    unreadable = stored_plan(GOOD.replace("to: team:platform", "whom: everybody"))
    check = judged(unreadable, NoticeFacts("mona"))
    assert (check.state, check.reason) == (CheckState.OPEN, UNREADABLE)
    (closure,) = [part for part in prose(unreadable, checks=WORLD.checks) if part.anchor == "closure"]
    assert "publish the plan again" in closure.sentences[0]


def test_a_published_kind_of_which_nobody_knows_any_more_is_still_read() -> None:
    text = GOOD.replace("closing_notice_sent, to", "press_release, to")
    assert stored_plan(text).closure[0].params == {"to": "team:platform"}
    assert [check.check for check in BARE.closure] == ["no_firing_alerts"]
