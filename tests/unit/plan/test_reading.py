"""Reading a plan: it is taken as written, or every fault of it is said in its place with its fix."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.plan.texts import SMALL, changed

from muster.base.features import installed, ports_of
from muster.kit.errors import Invalid
from muster.kit.yamldoc import read_documents
from muster.plan.action import Action
from muster.plan.reader import read_plan, review_document, review_plan
from muster.plan.world import World

WORLD = World(
    actions=ports_of(installed()).of(Action),
    persons=frozenset({"bo", "ana"}),
    teams=frozenset({"security", "platform"}),
    schedules=frozenset({"primary"}),
)

SMALLEST_ORGANISATION = """\
kind: Plan
name: main
severities:
  critical: {acknowledge_within: 5m}
  high: {acknowledge_within: 15m}
  medium: {acknowledge_within: 1h}
  low: {acknowledge_within: 1d}
severity_rules:
  - {if: 'labels.severity == "critical"', then: critical}
  - {if: 'true', then: medium}
routes:
  - {if: 'true', to: platform}
grouping: {by: [alertname, service], window: 10m}
escalation:
  platform:
    - {notify: ["schedule:platform-primary"], wait: 2m}
    - {notify: ["person:bo"], wait: 5m}
closure:
  - {check: no_firing_alerts}
  - {check: attest, name: users_recovered, by: incident_manager}
"""


def faults(text: str, world: World | None = WORLD) -> list[str]:
    return [fault.sentence() for fault in review_plan(text, "p.yaml", world).faults]


def test_a_plan_is_read_as_written() -> None:
    plan = read_plan(SMALL, world=WORLD)
    assert list(plan.severities) == ["critical", "low"]
    assert plan.routes[0].to == "secops"
    assert plan.routes[0].also == ("platform",)
    assert [str(target) for target in plan.escalation["secops"][0].notify] == ["team:security"]


def test_the_plan_of_the_smallest_useful_organisation_is_valid_as_it_stands() -> None:
    known = World(persons=frozenset({"bo"}), schedules=frozenset({"platform-primary"}))
    plan = read_plan(SMALLEST_ORGANISATION, world=known)
    assert plan.closure[1].by == "incident_manager"


GOLDEN = [
    (("name: main", "nmae: main"), "p.yaml:1:1: nmae: `nmae` is not a section of a plan. Did you mean `name`?"),
    (
        ("acknowledge_within: 5m", "acknowledge_within: 5"),
        "p.yaml:3:34: severities.critical.acknowledge_within: `5` has no unit. "
        "Write `5m` for minutes, `5h` for hours or `5d` for days.",
    ),
    (
        ("{acknowledge_within: 5m}", "{acknowlege_within: 5m}"),
        "p.yaml:3:14: severities.critical.acknowlege_within: `acknowlege_within` is not a known field here. "
        "Did you mean `acknowledge_within`?",
    ),
    (
        ("acknowledge_within: 5m", "acknowledge_within: soon"),
        "p.yaml:3:34: severities.critical.acknowledge_within: `soon` is not a",
    ),
    (
        ("labels.severity ==", "labels.severity ="),
        "p.yaml:6:10: severity_rules.0.if: This rule does not hold: `=` at character 17",
    ),
    (
        ("labels.severity ==", "lables.severity =="),
        "p.yaml:6:10: severity_rules.0.if: This rule does not hold: `lables` is not",
    ),
    (
        ("then: critical", "then: critcal"),
        "p.yaml:6:49: severity_rules.0.then: There is no severity `critcal`. Did you mean `critical`?",
    ),
    (
        ("to: policy:secops", "to: policy:secop"),
        "p.yaml:9:40: routes.0.to: There is no escalation policy `secop`. Did you mean `secops`?",
    ),
    (
        ("to: policy:secops", "to: team:secops"),
        "p.yaml:9:40: routes.0.to: A route leads to an escalation policy, not to a team.",
    ),
    (
        ("'true', to: platform", "'labels.a == \"b\"', to: platform"),
        "p.yaml:8:1: routes: No route catches what the others miss",
    ),
    (
        ('category == "security"', "true"),
        "p.yaml:10:5: routes.1: This is never reached: number 1 of the list already catches",
    ),
    (
        ('"schedule:primary"', '"schedule:primry"'),
        "p.yaml:14:17: escalation.platform.0.notify.0: There is no schedule `primry`. Did",
    ),
    (
        ('"schedule:primary"', "primary"),
        "p.yaml:14:17: escalation.platform.0.notify.0: `primary` does not say whom it means.",
    ),
    (
        ('"schedule:primary"', "rota:primary"),
        "p.yaml:14:17: escalation.platform.0.notify.0: `rota` is not something that can be",
    ),
    (('["schedule:primary"]', "[]"), "p.yaml:14:16: escalation.platform.0.notify: This step notifies nobody."),
    (
        ('["person:bo"]', "[person:bo, person:bo]"),
        "p.yaml:15:28: escalation.platform.1.notify.1: `person:bo` is named twice",
    ),
    (
        ('["person:bo"]', "[policy:secops]"),
        "p.yaml:18:16: escalation.secops.1.notify: The escalation goes in a circle: platform →",
    ),
    (
        ("team:security,", "[team:security, policy:platform],"),
        "p.yaml:17:16: escalation.secops.0.notify: A policy stands alone",
    ),
    (
        ("repeat: 1", "repeat: 21"),
        "p.yaml:17:49: escalation.secops.0.repeat: `21` is more than is allowed here. Write at most 20.",
    ),
    (
        ("check: no_firing_alerts", "check: no_fireing_alerts"),
        "p.yaml:20:13: closure.0.check: `no_fireing_alerts` is not one of the",
    ),
    ((", by: incident_manager", ""), "p.yaml:21:5: closure.1: A check `attest` does not say who attests. Add `by`"),
    (
        ("by: incident_manager", "by: manager"),
        "p.yaml:21:48: closure.1.by: There is no level of authority or role `manager`. Did",
    ),
    (
        ("final: {every", "finale: {every"),
        "p.yaml:22:10: paging.finale: `finale` is not a known field here. Did you mean `final`?",
    ),
    (
        ("every: 15m", "every: 10s"),
        "p.yaml:22:25: paging.final.every: `10s` is less than is allowed here. Write at least 1 minute.",
    ),
    (("name: main", "kind: Team"), "p.yaml:1:7: kind: `Team` is not one of the choices. Known: `Plan`."),
    (("name: main", "name: -x"), "p.yaml:1:7: name: `-x` is not a name. Use letters"),
    (
        ("name: main", "time_zone: Lisbon"),
        "p.yaml:1:12: time_zone: `Lisbon` is not a time zone. Write an IANA name such as",
    ),
    (("name: main", "owner: team:nobody"), "p.yaml:1:8: owner: There is no team `nobody`."),
    (("name: main", "disaster: yes"), "p.yaml:1:11: disaster: The section `disaster` is a mapping or a list."),
    (
        ("name: main", "plan: {nam: x}"),
        "p.yaml:1:8: plan.nam: `nam` is not a field of the header. Did you mean `name`?",
    ),
    (("name: main", "plan: {name: '?'}"), "p.yaml:1:14: plan.name: `?` is not a name."),
    (
        ("name: main", "name: main\nplan: {name: b}"),
        "p.yaml:2:8: plan.name: `name` stands both in the header and outside.",
    ),
    (
        ("name: main", "authority: {clos: responder}"),
        "p.yaml:1:13: authority.clos: `clos` is not an action that authority knows. Did you",
    ),
    (
        ("name: main", "authority: {close: manager}"),
        "p.yaml:1:20: authority.close: There is no level of authority `manager`.",
    ),
    (
        ("name: main", "authority: {close: {worst: director}}"),
        "p.yaml:1:21: authority.close.worst: There is no severity `worst`.",
    ),
    (
        ("name: main", "authority: {close: {only: director, not_same_person_as: me}}"),
        "p.yaml:1:57: authority.close.not_same_person_as: `me` is not one of the choices.",
    ),
    (("name: main", "authority: {levels: [a, b]}"), "p.yaml:1:21: authority.levels: Nobody holds the level `a`."),
    (
        ("name: main", "authority: {holders: {director: [boss]}}"),
        "p.yaml:1:34: authority.holders.director.0: `boss` does not say who holds the level.",
    ),
    (
        ("{final:", "{remind_acknowledged: {bad: 1h}, final:"),
        "p.yaml:22:32: paging.remind_acknowledged.bad: There is no",
    ),
    (
        ("name: main", "name: main\nname: two"),
        "p.yaml:2:1: name: `name` is written twice; it already stands on line 1.",
    ),
    (("name: main", "categories: [a, b, a]"), "p.yaml:1:20: categories.2: `a` stands twice in the list."),
]


@pytest.mark.parametrize(("edit", "sentence"), GOLDEN)
def test_a_fault_is_said_in_its_place_with_its_fix(edit: tuple[str, str], sentence: str) -> None:
    found = faults(changed(edit))
    assert any(one.startswith(sentence) for one in found), "\n".join(found)


def test_one_mistake_is_one_fault() -> None:
    several = [edit for edit, _ in GOLDEN if len(faults(changed(edit))) != 1]
    assert several == [("name: main", "authority: {levels: [a, b]}")], "levels that others need are the exception"


def test_all_faults_of_a_plan_are_reported_at_once_in_the_order_of_its_lines() -> None:
    text = changed(
        ("name: main", "nmae: main"),
        ("acknowledge_within: 5m", "acknowledge_within: 5"),
        ("then: critical", "then: worst"),
        ("to: policy:secops", "to: policy:x"),
        ("person:bo", "person:bob"),
        ("by: incident_manager", "by: boss"),
    )
    assert [sentence.split(": ")[0] for sentence in faults(text)] == [
        "p.yaml:1:1", "p.yaml:3:34", "p.yaml:6:49", "p.yaml:9:40", "p.yaml:15:17", "p.yaml:21:48",
    ]  # fmt: skip


def test_without_a_world_only_the_plan_itself_is_checked() -> None:
    assert faults(changed(("person:bo", "person:nobody")), world=None) == []


def test_an_empty_policy_and_one_that_pages_nobody_are_refused() -> None:
    text = changed(('    - {notify: ["schedule:primary"], wait: 2m}\n    - {notify: ["person:bo"], wait: 5m}\n', ""))
    assert faults(text)[0].startswith("p.yaml:13:3: escalation.platform: The escalation policy `platform` has no steps")
    text = changed(("team:security", "role:security_officer"), ("    - {notify: policy:platform}\n", ""))
    assert faults(text) == [
        "p.yaml:16:3: escalation.secops: The policy `secops` notifies only roles that nobody holds (security_officer): it would "
        "page nobody. Say who holds them, such as `roles: {security_officer: {held_by: [team:platform]}}`, or notify somebody "
        "else too."
    ]


def test_a_missing_section_is_named() -> None:
    assert faults("name: x\nescalation: {a: [{notify: team:platform}]}\n") == [
        "p.yaml:1:1: routes: `routes` is missing. Add `routes`."
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "p.yaml:1:1: The plan is empty."),
        ("- a", "p.yaml:1:1: A plan is a mapping of sections."),
        ("a: 1\n---\nb: 2\n", "p.yaml:3:1: A plan is a single document; here a second one begins."),
        (
            "a: [",
            "p.yaml:2:1: This is not valid YAML: did not find expected node content. A value or a closing bracket",
        ),
    ],
)
def test_what_is_no_plan_at_all_is_said_plainly(text: str, sentence: str) -> None:
    assert faults(text)[0].startswith(sentence)


def test_sections_of_later_versions_are_kept_verbatim_and_flagged() -> None:
    text = SMALL + "impact:\n  users: {unit: percent}\nauthority:\n  containment.isolate: {critical: director}\n"
    reading = review_plan(text, "p.yaml")
    assert reading.plan is not None
    assert reading.plan.kept == {
        "impact": {"users": {"unit": "percent"}},
        "authority": {"containment.isolate": {"critical": "director"}},
    }
    assert [warning.sentence() for warning in reading.warnings] == [
        "p.yaml:23:1: impact: The section `impact` is kept as written, and not yet enforced.",
        "p.yaml:26:3: authority.containment.isolate: The authority over `containment.isolate` is kept as written, and not yet "
        "enforced.",
    ]


def test_checks_of_later_versions_are_kept_and_attestations_may_be_written_short() -> None:
    text = (
        SMALL + "  - {check: users_back, attest: incident_manager}\n  - {check: metric, query: 'up == 1', for: 30m}\n"
    )
    text = text.replace("paging: {final: {every: 15m, times: 2}}\n", "") + "paging: {final: {every: 15m}}\n"
    reading = review_plan(text)
    assert reading.plan is not None
    assert (reading.plan.closure[2].check, reading.plan.closure[2].by) == ("attest", "incident_manager")
    assert reading.plan.closure[3].params == {"query": "up == 1", "for": "30m"}
    assert reading.warnings[-1].rule == "The check `metric` is kept as written, and not yet enforced."


def test_a_plan_that_stops_paging_is_warned_about() -> None:
    reading = review_plan(changed(("paging: {final: {every: 15m, times: 2}}\n", "")), "p.yaml")
    assert [warning.rule for warning in reading.warnings] == [
        "After the last step of `platform`, 5m later, paging stops even if nobody has acknowledged."
    ]


def test_a_person_whom_no_page_reaches_is_warned_about_and_an_empty_team_refused() -> None:
    world = World(
        WORLD.persons, WORLD.teams, WORLD.schedules, unreachable=frozenset({"bo"}), empty_teams=frozenset({"security"})
    )
    reading = review_plan(SMALL, "p.yaml", world)
    assert [one.rule for one in reading.warnings] == ["`bo` has no verified contact: a page would not reach them."]
    assert [one.rule for one in reading.faults] == ["The team `security` has no members: paging it reaches nobody."]


def test_a_plan_within_a_manifest_is_pointed_at_in_the_file() -> None:
    text = "kind: Team\nname: x\n---\n" + changed(("name: main", "kind: Plan\nname: main"), ("5m}", "5}"))
    document = read_documents(text, "org.yaml").documents[1]
    assert [fault.sentence().split(": ")[0] for fault in review_document(document).faults] == [
        "org.yaml:7:34",
        "org.yaml:19:37",
    ]


def test_invalid_carries_every_fault() -> None:
    with pytest.raises(Invalid) as refused:
        read_plan(changed(("5m}", "5}")), "p.yaml")
    assert len(refused.value.faults) == 2
    assert str(refused.value).startswith("The plan is not valid. 2 faults.\np.yaml:3:34: ")


def test_a_long_chain_of_policies_is_counted_without_being_walked_again_and_again() -> None:
    chain = "".join(
        f"  p{n}: [{{notify: policy:p{n + 1}, repeat: 20}}, {{notify: policy:p{n + 1}}}]\n" for n in range(150)
    )
    text = changed(("  secops:", chain + "  p150: [{notify: team:security}]\n  secops:"))
    assert any("at most 200 are allowed. Shorten the chain." in one for one in faults(text))


WORDS = st.sampled_from([*SMALL.replace("\n", " \n ").split(" "), "", "[", "}", "null", "&a", "*a", "5", "true"])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_plan_is_refused_in_place_and_never_crashes(data: st.DataObject) -> None:
    words = SMALL.replace("\n", " \n ").split(" ")
    for _ in range(data.draw(st.integers(1, 4))):
        words[data.draw(st.integers(0, len(words) - 1))] = data.draw(WORDS)
    reading = review_plan(" ".join(words).replace(" \n ", "\n"), "p.yaml", WORLD)
    assert (reading.plan is None) == bool(reading.faults)
    assert all(fault.line and fault.column and fault.rule for fault in reading.faults)
