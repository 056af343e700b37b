"""A feature brings a section of the plan: its faults, names, mentions, schema, prose and differences follow from its model."""

import jsonschema_rs
import pytest
from pydantic import Field
from tests.unit.plan.texts import SMALL, changed

from muster.kit.yamldoc import read_documents
from muster.plan.diff import diff
from muster.plan.mentions import mentions
from muster.plan.model.fields import Duration, SeverityName, TargetField
from muster.plan.model.plan import Plan
from muster.plan.model.section import Section
from muster.plan.part import Part
from muster.plan.prose import prose
from muster.plan.reader import read_plan, review_plan, stored_plan
from muster.plan.schema import plan_schema
from muster.plan.section import PlanSection, section_of
from muster.plan.world import World


class Cadence(Section):
    """How often people are told."""

    every: dict[SeverityName, Duration] = Field(default_factory=dict)
    escalate_to: TargetField | None = None


def cadence_words(plan: Plan, cadence: Cadence) -> Part:
    """How a cadence reads."""
    sentences = tuple(f"An update every {every} at {name}." for name, every in cadence.every.items())
    return Part("cadence", "Cadence", sentences, ())


CADENCE = PlanSection("cadence", Cadence, cadence_words)
WORLD = World(frozenset({"bo"}), frozenset({"platform", "security"}), None, sections=(CADENCE,))
GOOD = changed(("name: main", "name: main\ncadence: {every: {critical: 15m}, escalate_to: team:platform}"))


def faults(text: str) -> list[str]:
    return [f"{fault.field}: {fault.rule}" for fault in review_plan(text, "p.yaml", WORLD).faults]


def test_what_a_section_says_is_read_as_its_model() -> None:
    plan = read_plan(GOOD, world=WORLD)
    cadence = section_of(plan, "cadence", Cadence)
    assert cadence is not None
    assert str(cadence.escalate_to) == "team:platform"
    assert section_of(plan, "cadence", Cadence) is cadence
    assert section_of(read_plan(SMALL), "cadence", Cadence) is None


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ("{every: {urgent: 15m}}", "cadence.every.urgent: There is no severity `urgent`."),
        ("{every: {critical: 15}}", "cadence.every.critical: `15` has no unit."),
        ("{escalate_to: team:nobody}", "cadence.escalate_to: There is no team `nobody`."),
        ("{evry: {critical: 15m}}", "cadence.evry: `evry` is not a known field here."),
        ("soon", "cadence: `soon` stands where a mapping belongs."),
    ],
)
def test_what_is_wrong_in_a_section_is_told_with_its_place(section: str, fault: str) -> None:
    text = changed(("name: main", f"name: main\ncadence: {section}"))
    assert faults(text) == [fault]
    line = text.splitlines().index(f"cadence: {section}") + 1
    assert [found.line for found in review_plan(text, "p.yaml", WORLD).faults] == [line]


def test_what_was_published_keeps_its_sections() -> None:
    cadence = section_of(stored_plan(GOOD), "cadence", Cadence)
    assert cadence == section_of(read_plan(GOOD, world=WORLD), "cadence", Cadence)
    assert cadence is not None


def test_a_section_that_no_feature_brings_is_none() -> None:
    assert [fault.rule for fault in review_plan(GOOD).faults] == ["`cadence` is not a section of a plan."]


def test_whom_a_section_means_is_not_deleted() -> None:
    plan = read_plan(GOOD, world=WORLD)
    assert mentions(plan, "team", "platform", (CADENCE,))[-1] == "`cadence.escalate_to`"


def test_a_section_reads_as_its_feature_words_it() -> None:
    parts = prose(read_plan(GOOD, world=WORLD), (CADENCE,))
    assert [part.title for part in parts][-1] == "Cadence"
    assert parts[-1].sentences == ("An update every 0:15:00 at critical.",)


def test_an_old_text_that_cannot_be_read_any_more_says_so_and_shows_the_rest() -> None:
    old = stored_plan(
        GOOD.replace("{every: {critical: 15m}, escalate_to: team:platform}", "{often: true}").replace(
            "cadence:", "drills:"
        )
    )
    parts = prose(old, (PlanSection("drills", Cadence, cadence_words),))
    assert parts[0].title == "main"
    assert "Publish the plan again" in parts[-1].sentences[0]


def test_a_difference_within_a_section_is_named_by_its_place() -> None:
    before, after = (read_plan(text, world=WORLD) for text in (GOOD, GOOD.replace("15m}, esc", "30m}, esc")))
    assert [change.path for change in diff(before, after)] == ["cadence.every.critical"]


def test_editors_know_the_section() -> None:
    validator = jsonschema_rs.Draft202012Validator(plan_schema((CADENCE,)))
    assert validator.is_valid(read_documents(GOOD).documents[0].data)
    assert not validator.is_valid(read_documents(GOOD.replace("15m}, esc", "15}, esc")).documents[0].data)
