"""The plan told: in prose, as a difference, as a schema for editors, and as the plan that one begins with."""

import json

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.plan.test_reading import SMALLEST_ORGANISATION
from tests.unit.plan.texts import SMALL, changed

from muster.base.features import installed, ports_of
from muster.kit.rules import Condition
from muster.kit.yamldoc import read_documents
from muster.plan.action import Action
from muster.plan.check_kind import CheckKind
from muster.plan.diff import diff
from muster.plan.prose import prose
from muster.plan.reader import read_plan, review_plan
from muster.plan.schema import plan_schema
from muster.plan.starter import starter_plan
from muster.plan.words import rule_words
from muster.plan.world import World

PLAN = read_plan(SMALL)

ACTIONS = ports_of(installed()).of(Action)
CHECKS = ports_of(installed()).of(CheckKind)


def told(text: str) -> str:
    parts = prose(read_plan(text), actions=ACTIONS, checks=CHECKS)
    cells = [cell for part in parts for table in part.tables for row in table.rows for cell in row]
    return "\n".join([*(sentence for part in parts for sentence in part.sentences), *cells])


def test_the_plan_is_told_in_sentences() -> None:
    text = told(SMALL)
    assert "A critical incident must be acknowledged within 5 minutes." in text
    assert (
        "After the last step, the last step's people are paged every 15 minutes until somebody acknowledges, 2 times."
        in text
    )
    assert "An incident manager attests: users recovered." in text
    assert "whoever is on call on primary" in text
    assert "the category is security" in text


def test_authority_is_told_with_its_conditions() -> None:
    text = told(
        changed(
            ("name: main", "authority: {close: {only: director, not_same_person_as: resolver, severities: [critical]}}")
        )
    )
    assert "at critical: a director, but not the resolver; otherwise an incident manager" in text


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("true", "anything else"),
        ('labels.severity == "critical"', "the label severity is critical"),
        ("labels['a-b'] != 'x' && category == 'security'", "the label a-b is not x and the category is security"),
        ('title.contains("disk") || alert.name == "X"', "the title contains disk or the alert's name is X"),
        ("now.hour >= 22", "`now.hour >= 22`"),
    ],
)
def test_plain_conditions_are_told_in_words_and_others_as_code(rule: str, words: str) -> None:
    assert rule_words(Condition.compile(rule)) == words


@pytest.mark.parametrize(
    ("edit", "sentences"),
    [
        (("name: main", "name: main # a comment"), []),
        (("[alertname, service]", "['alertname', 'service']"), []),
        (("acknowledge_within: 5m", "acknowledge_within: 300s"), []),
        (("within: 5m", "within: 3m"), ["`severities.critical.acknowledge_within` is 3m; it was 5m."]),
        (("wait: 2m", "wait: 4m"), ["`escalation.platform[1].wait` is 4m; it was 2m."]),
        ((", also: platform", ""), ['`routes[category == "security"].also` is gone; it was platform.']),
        (
            ("  - {check: no_firing_alerts}\n", ""),
            ["`closure[no_firing_alerts]` is gone; it was check no_firing_alerts."],
        ),
        (
            ("  critical: {acknowledge_within: 5m}\n  low: {acknowledge_within: 1d}\n",
             "  low: {acknowledge_within: 1d}\n  critical: {acknowledge_within: 5m}\n"),
            ["`severities` stands in another order: low, critical; it was critical, low."],
        ),
        (("name: main", "name: main\nimpact: {a: 1}"), ["`impact` is new: a 1."]),
        (("times: 2", "times: 3"), ["`paging.final.times` is 3; it was 2."]),
    ],
)  # fmt: skip
def test_a_difference_is_one_of_meaning(edit: tuple[str, str], sentences: list[str]) -> None:
    assert [change.sentence() for change in diff(PLAN, read_plan(changed(edit)))] == sentences


def test_rules_are_recognised_when_they_move() -> None:
    text = changed(("  - {if: 'category == \"security\"', to: policy:secops, also: platform}\n", ""))
    extra = "routes:\n  - {if: 'title == \"x\"', to: secops}\n  - {if: 'category == \"security\"', to: secops, also: platform}\n"
    changes = diff(PLAN, read_plan(text.replace("routes:\n", extra)))
    assert [(change.path, change.kind) for change in changes] == [('routes[title == "x"]', "added")]


EDITS = [
    ("5m}", "9m}"),
    ("then: low", "then: critical"),
    (", also: platform", ""),
    ("window: 10m", "window: 1h"),
    ("wait: 2m", "wait: 3m"),
]


@given(st.sets(st.sampled_from(EDITS)), st.sets(st.sampled_from(EDITS)))
def test_a_difference_is_empty_only_between_equal_plans_and_turns_round(
    one: set[tuple[str, str]], two: set[tuple[str, str]]
) -> None:
    old, new = read_plan(changed(*one)), read_plan(changed(*two))
    assert (diff(old, new) == ()) == (old == new)
    assert len(diff(old, new)) == len(diff(new, old))


def schema_faults(text: str) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(plan_schema(actions=ACTIONS, checks=CHECKS))
    return [error.message for error in validator.iter_errors(read_documents(text).documents[0].data)]


@pytest.mark.parametrize("text", [SMALL, SMALLEST_ORGANISATION, starter_plan("ana", "platform", "primary")])
def test_the_schema_accepts_what_muster_accepts(text: str) -> None:
    assert schema_faults(text) == []


def test_the_schema_knows_short_forms_and_later_sections() -> None:
    text = changed(
        ("name: main", "plan: {name: x}\nimpact: {a: 1}\nauthority: {close: director, containment.isolate: {a: b}}"),
        ("closure:\n", "closure:\n  - {check: users_back, attest: director}\n  - {check: metric, query: x}\n"),
    )
    assert review_plan(text).faults == ()
    assert schema_faults(text) == []


@pytest.mark.parametrize(
    "edit",
    [("name: main", "nmae: main"), ("5m}", "5}"), ("to: platform}", "too: platform}"), ("repeat: 1", "repeat: 21")],
)
def test_the_schema_refuses_what_an_editor_should_mark(edit: tuple[str, str]) -> None:
    assert schema_faults(changed(edit))


def test_the_schema_is_plain_json() -> None:
    assert json.loads(json.dumps(plan_schema()))["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "names", [("ana",), ("ana", "platform"), ("ana", "platform", "primary"), ("ana", None, "primary")]
)
def test_the_starter_plan_is_valid_and_warns_of_nothing(names: tuple[str, ...]) -> None:
    world = World(frozenset({"ana"}), frozenset({"platform"}), frozenset({"primary"}))
    reading = review_plan(starter_plan(*names), world=world)
    assert (reading.faults, reading.warnings) == ((), ())
