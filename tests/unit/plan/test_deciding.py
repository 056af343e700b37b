"""What the plan says about an alert: total, deterministic, with reasons; somebody is always paged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.plan.texts import SMALL, changed

from muster.plan.facts import AlertFacts
from muster.plan.reader import read_plan
from muster.plan.reason import Because
from muster.plan.triage import category_of, group_key, group_of, route, severity_of, triage

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PLAN = read_plan(SMALL)
ALERT = AlertFacts(
    now=NOW, key="k1", name="Down", labels={"alertname": "Down", "service": "web", "severity": "critical"}
)


def test_the_first_rule_that_matches_decides_the_severity() -> None:
    severity, reasons = severity_of(PLAN, ALERT)
    assert severity == "critical"
    assert [(one.because, one.at) for one in reasons] == [(Because.RULE, "severity_rules.0")]


def test_a_missing_label_counts_as_not_matching_and_is_told() -> None:
    severity, reasons = severity_of(PLAN, replace(ALERT, labels={}))
    assert severity == "low"
    assert [(one.because, one.at) for one in reasons] == [
        (Because.UNDECIDED, "severity_rules.0"),
        (Because.RULE, "severity_rules.1"),
    ]
    assert reasons[0].sentence == (
        '`labels.severity == "critical"` counts as not matching: `severity` is missing from what the rule looks at.'
    )


def test_without_a_matching_rule_the_sender_decides_and_without_a_sender_the_worst() -> None:
    plan = read_plan(changed(("  - {if: 'true', then: low}\n", "")))
    assert severity_of(plan, replace(ALERT, labels={}, severity="low"))[0] == "low"
    severity, reasons = severity_of(plan, replace(ALERT, labels={}, severity="unheard-of"))
    assert severity == "critical"
    assert reasons[-1].because is Because.USUAL


def test_the_category_is_the_sender_s_when_the_plan_knows_it() -> None:
    assert category_of(PLAN, replace(ALERT, category="security"))[0] == "security"
    assert category_of(PLAN, replace(ALERT, category="nonsense"))[0] == "operational"


def test_a_security_alert_reaches_security_and_the_first_tier_all_others_only_the_first_tier() -> None:
    assert route(PLAN, replace(ALERT, category="security")).policies == ("secops", "platform")
    assert route(PLAN, replace(ALERT, category="operational")).policies == ("platform",)


def test_a_severity_may_page_a_policy_of_its_own() -> None:
    plan = read_plan(
        changed(("critical: {acknowledge_within: 5m}", "critical: {acknowledge_within: 5m, escalate: secops}"))
    )
    routed = route(plan, replace(ALERT, severity="critical"))
    assert routed.policies == ("platform", "secops")
    assert routed.reasons[-1].sentence == "At severity critical, `secops` is paged too."


def test_when_every_rule_fails_the_last_route_is_taken_all_the_same() -> None:
    plan = PLAN.model_copy(update={"routes": PLAN.routes[:1]})
    routed = route(plan, replace(ALERT, category="operational"))
    assert routed.policies == ("secops", "platform")
    assert routed.reasons[-1].because is Because.USUAL


def test_rules_see_the_time_of_day_in_the_plan_s_zone() -> None:
    rule = "  - {if: 'now.hour == 4 && now.weekend && now.weekday == \"sunday\"', then: critical}\n"
    plan = read_plan(changed(("severity_rules:\n", "time_zone: Europe/Stockholm\nseverity_rules:\n" + rule)))
    assert severity_of(plan, replace(ALERT, labels={}))[0] == "critical"


def test_alerts_that_agree_in_the_labels_join_and_others_do_not() -> None:
    other = replace(ALERT, key="k2", labels={**ALERT.labels, "instance": "b"})
    assert group_key(PLAN, ALERT) == group_key(PLAN, other)
    assert group_key(PLAN, ALERT) != group_key(PLAN, replace(ALERT, labels={"alertname": "Down", "service": "db"}))
    assert group_key(PLAN, ALERT) != group_key(PLAN, replace(ALERT, category="security")), "security never mixes"
    assert group_of(PLAN, ALERT).window == timedelta(minutes=10)


def test_alerts_without_any_grouping_label_stay_alone() -> None:
    bare = replace(ALERT, name="", labels={})
    assert group_key(PLAN, bare) != group_key(PLAN, replace(bare, key="k2"))
    assert group_of(PLAN, bare).reason.sentence == "It has none of alertname, service, so it stands alone."


def test_triage_lets_each_decision_see_those_before_it() -> None:
    rule = "category_rules:\n  - {if: 'labels.team == \"sec\"', then: security}\nseverity_rules:\n"
    plan = read_plan(changed(("severity_rules:\n", rule + "  - {if: 'category == \"security\"', then: critical}\n")))
    done = triage(plan, replace(ALERT, labels={"team": "sec"}))
    assert (done.category, done.severity, done.routed.policies) == ("security", "critical", ("secops", "platform"))


LABELS = st.dictionaries(st.sampled_from(["severity", "alertname", "service", "team"]), st.text(max_size=8), max_size=4)
FACTS = st.builds(
    AlertFacts,
    now=st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),
    key=st.text(max_size=5),
    name=st.text(max_size=5),
    title=st.text(max_size=20),
    category=st.sampled_from(["", "security", "operational", "x"]),
    severity=st.sampled_from(["", "critical", "low", "x"]),
    labels=LABELS,
)


@given(FACTS)
def test_triage_is_total_and_deterministic(facts: AlertFacts) -> None:
    done = triage(PLAN, facts)
    assert done == triage(PLAN, facts)
    assert done.severity in PLAN.severities
    assert done.category in PLAN.categories
    assert done.routed.policies
    assert set(done.routed.policies) <= set(PLAN.escalation)
    assert done.severity_reasons
    assert done.routed.reasons
    assert done.grouped.key


@given(FACTS, FACTS)
def test_group_keys_are_equal_only_when_their_parts_are(one: AlertFacts, two: AlertFacts) -> None:
    assert (group_key(PLAN, one) == group_key(PLAN, two)) == (group_of(PLAN, one).parts == group_of(PLAN, two).parts)
