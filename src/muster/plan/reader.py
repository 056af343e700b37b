"""From text to a plan: everything that is wrong with it at once, each with its place and its fix."""

from collections.abc import Iterator, Sized
from dataclasses import dataclass

from pydantic import ValidationError

from muster.kit.errors import Fault, Invalid
from muster.kit.faults import faults_of
from muster.kit.yamldoc import Document, read_documents
from muster.plan.checks.escalation import check_escalation
from muster.plan.checks.hours import check_hours
from muster.plan.checks.outside import check_outside
from muster.plan.checks.references import check_references
from muster.plan.checks.routing import check_routing
from muster.plan.draft import Draft
from muster.plan.model.plan import Plan
from muster.plan.normal_form import normal
from muster.plan.section import PlanSection
from muster.plan.world import World

MOST_RULES = 1_000
"""Entries that each part of a plan may have: categories, routes, policies."""


@dataclass(frozen=True, slots=True)
class PlanReading:
    """What came of reading a plan: the plan unless there are faults, and warnings either way."""

    plan: Plan | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def read_plan(text: str, file: str | None = None, world: World | None = None) -> Plan:
    """Read a plan from YAML.

    Raises:
        Invalid: with every fault of the text, in the order of its lines.
    """
    return accepted(review_plan(text, file, world))


def accepted(reading: PlanReading) -> Plan:
    """The plan of a reading without faults.

    Raises:
        Invalid: with every fault.
    """
    if reading.plan is None or reading.faults:
        count = len(reading.faults)
        raise Invalid("The plan is not valid.", f"{count} fault{'s' if count != 1 else ''}.", reading.faults)
    return reading.plan


def stored_plan(text: str) -> Plan:
    """A plan that was valid when it was published, without judging it by the rules of today.

    Raises:
        ValidationError: this version of Muster cannot read it at all.
    """
    return Plan.model_validate(normal(read_documents(text).documents[0], published=True).data)


def review_plan(text: str, file: str | None = None, world: World | None = None) -> PlanReading:
    """Read a plan from YAML without raising; for editors that show faults as one types."""
    read = read_documents(text, file)
    if len(read.documents) != 1:
        faults = list(read.faults)
        if len(read.documents) > 1:
            place = read.documents[1].mark(())
            faults.append(
                Fault("", "A plan is a single document; here a second one begins.", "Remove it.", file, *place)
            )
        elif not faults:
            faults.append(
                Fault("", "The plan is empty.", "Begin with `name: main`, or load the starter plan.", file, 1, 1)
            )
        return PlanReading(None, tuple(faults), ())
    return review_document(read.documents[0], world, read.faults)


def review_document(document: Document, world: World | None = None, already: tuple[Fault, ...] = ()) -> PlanReading:
    """Review one document of a manifest; `already` are faults found in its form."""
    draft = normal(document, world.sections, world.actions, world.checks) if world else normal(document)
    plan: Plan | None = None
    if isinstance(document.data, dict):
        if crowded := [_crowded(document, name, held) for name, held in document.data.items() if _holds_many(held)]:
            return PlanReading(None, (*already, *crowded), ())
        for check in (check_references, check_escalation, check_routing, check_hours):
            check(draft)
        if world is not None:
            check_outside(draft, world)
        try:
            plan = Plan.model_validate(draft.data)
        except ValidationError as error:
            draft.faults.extend(faults_of(error, Plan, draft.document))
        for section in draft.sections:
            draft.faults.extend(_section_faults(draft, section))
        draft.faults.extend(_check_faults(draft))
    faults = _ordered([*already, *draft.faults])
    return PlanReading(None if faults else plan, faults, _ordered(draft.warnings))


def _section_faults(draft: Draft, section: PlanSection) -> list[Fault]:
    written = draft.mapping("kept").get(section.name)
    if written is None:
        return []
    try:
        section.model.model_validate(written)
    except ValidationError as error:
        return faults_of(error, section.model, draft.document, (section.name,))
    return []


def _check_faults(draft: Draft) -> Iterator[Fault]:
    kinds = {kind.name: kind for kind in draft.kinds}
    for number, item in draft.items("closure"):
        if kind := kinds.get(str(item.get("check"))):
            try:
                kind.fields.model_validate(item.get("params", {}))
            except ValidationError as error:
                yield from faults_of(error, kind.fields, draft.document, ("closure", number))


def _holds_many(held: object) -> bool:
    return isinstance(held, list | dict) and len(held) > MOST_RULES


def _crowded(document: Document, name: str, held: Sized) -> Fault:
    rule = f"`{name}` holds {len(held):,} entries; a plan takes at most {MOST_RULES:,}."
    return document.fault((name,), rule, "Let one rule cover several cases, or split the plan.")


def _ordered(faults: list[Fault]) -> tuple[Fault, ...]:
    """In the order of the text, one sentence a place: what the model and a cross-check both found is said once."""
    first: dict[tuple[int, int, str], Fault] = {}
    for fault in faults:
        first.setdefault((fault.line or 0, fault.column or 0, fault.field if fault.field else fault.rule), fault)
    return tuple(sorted(first.values(), key=lambda fault: (fault.line or 0, fault.column or 0)))
