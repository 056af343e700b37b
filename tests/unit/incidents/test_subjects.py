"""Which decision a recorded reason belongs to is a value, whatever its sentence says."""

from datetime import UTC, datetime

from muster.incidents.explaining import subjects_of
from muster.plan.facts import AlertFacts
from muster.plan.reader import read_plan
from muster.plan.triage import triage

PLAN = read_plan("""
kind: Plan
name: main
categories: [operational, security]
severities: {critical: {acknowledge_within: 5m}, low: {acknowledge_within: 1d}}
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
""")
EXPECTED = ["category", "severity", "route", "group"]


def reasons(**facts: str) -> list[dict[str, str]]:
    """What the ledger keeps of a triage."""
    known = AlertFacts(now=datetime(2026, 3, 2, 9, tzinfo=UTC), key="k", title="Down", **facts)
    decided = triage(PLAN, known)
    every = (*decided.category_reasons, *decided.severity_reasons, *decided.routed.reasons, decided.grouped.reason)
    return [reason.as_json() for reason in every]


def test_a_senders_category_is_no_severity() -> None:
    found = reasons(category="security", severity="low")
    assert [reason["because"] for reason in found[:2]] == ["sender", "sender"]
    assert subjects_of(found) == EXPECTED


def test_what_the_plan_takes_by_itself_is_told_apart_too() -> None:
    assert subjects_of(reasons()) == EXPECTED


def test_entries_of_0_1_are_told_apart_by_their_order() -> None:
    for given in (reasons(category="security", severity="low"), reasons()):
        old = [{name: value for name, value in reason.items() if name != "about"} for reason in given]
        assert subjects_of(old) == EXPECTED
    undecided = {"because": "undecided", "at": "category_rules.0", "sentence": "about severity"}
    ruled = {"because": "rule", "at": "category_rules.1", "sentence": "severity"}
    sender = {"because": "sender", "at": "", "sentence": "The sender says category."}
    assert subjects_of([undecided, ruled, sender]) == ["category", "category", "severity"]
