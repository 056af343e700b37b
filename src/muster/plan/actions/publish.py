"""Publishing a plan: checked whole, written as a new version, told to the ledger with what changed."""

from dataclasses import dataclass, replace

from muster.base.access import Permission
from muster.base.aside import aside
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.kit.yamldoc import Document
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.plan import store
from muster.plan.actions.world import world_of
from muster.plan.diff import PlanDifference, diff
from muster.plan.events import PLAN_PUBLISHED
from muster.plan.happenings import PlanChecked, PlanPublished
from muster.plan.model.plan import Plan
from muster.plan.reader import PlanReading, accepted, review_document, review_plan
from muster.plan.version import Version, digest_of

CHANGED = "plan"
_MOST_CHANGES = 100


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing. `created` is false when the newest version says the same, letter for letter."""

    version: Version
    created: bool
    changes: tuple[PlanDifference, ...]
    warnings: tuple[Fault, ...]


async def publish(
    unit: Unit, text: str, note: str = "", *, file: str | None = None, name: str | None = None
) -> Published:
    """Publish a plan from YAML; it takes force at once for new incidents when its plan is the active one (R24).

    Raises:
        Invalid: with every fault; nothing is written then.
    """
    unit.allow(Permission.PLAN_PUBLISH)
    return await _publish(unit, await aside(review_plan, text, file, await world_of(unit)), text, note, name)


async def publish_document(unit: Unit, document: Document, note: str = "") -> Published:
    """Publish the plan in one document of a manifest; its faults point into the manifest.

    Raises:
        Invalid: with every fault; nothing is written then.
    """
    unit.allow(Permission.PLAN_PUBLISH)
    return await _publish(unit, await aside(review_document, document, await world_of(unit)), document.text, note, None)


async def validate(
    unit: Unit, text: str, file: str | None = None, name: str | None = None
) -> tuple[PlanReading, tuple[PlanDifference, ...]]:
    """Check a plan as publishing it would, and what it would change; nothing is written."""
    unit.allow(Permission.PLAN_READ)
    reading = await aside(review_plan, text, file, await world_of(unit))
    if reading.plan is None:
        return reading, ()
    before = await store.newest(unit.conn, name or reading.plan.name)
    warned = replace(reading, warnings=(*reading.warnings, *await _foreseen(unit, reading.plan)))
    return warned, await aside(diff, before.plan, reading.plan) if before else ()


async def restore(unit: Unit, name: str, number: int, note: str = "") -> Published:
    """Publish an older version's text anew; history only ever grows.

    Raises:
        Missing: there is no such version.
        Conflict: it says what the newest says already.
        Invalid: it refers to what no longer exists.
    """
    unit.allow(Permission.PLAN_PUBLISH)
    older = await store.numbered(unit.conn, name, number)
    if older is None:
        raise Missing(f"The plan `{name}` has no version {number}.")
    done = await publish(
        unit, older.text, note or f"Restored version {number}.", file=f"{name} version {number}", name=name
    )
    if not done.created:
        raise Conflict(
            f"Version {number} says what version {done.version.number}, the newest, says.", "Nothing needs restoring."
        )
    return done


async def _publish(unit: Unit, reading: PlanReading, text: str, note: str, name: str | None) -> Published:
    plan = accepted(reading)
    if name is not None and plan.name != name:
        fault = Fault("name", f"The text is of the plan `{plan.name}`, not of `{name}`.", f"Write `name: {name}`.")
        raise Invalid("The plan cannot be published.", faults=[fault])
    await store.hold_all(unit.conn)
    before = await store.newest(unit.conn, plan.name)
    digest = digest_of(text)
    if before is not None and before.digest == digest:
        return Published(before, False, (), reading.warnings)
    await store.ensure(unit.conn, plan.name, unit.now)
    number = before.number + 1 if before else 1
    published = Version(
        id=new_id(unit.now),
        name=plan.name,
        number=number,
        digest=digest,
        note=note,
        published_at=unit.now,
        published_by=unit.principal.name,
        text=text,
        plan=plan,
    )
    await store.insert(unit.conn, published)
    changes = await aside(diff, before.plan, plan) if before else ()
    shown = [change.sentence() for change in changes[:_MOST_CHANGES]]
    data = {"plan": plan.name, "number": number, "version": published.id, "digest": digest, "changes": shown}
    await record(unit, Event(f"plan:{plan.name}", PLAN_PUBLISHED, data, note))
    await unit.emit(PlanPublished(published, in_force=await store.active_name(unit.conn) == plan.name))
    unit.publish(CHANGED)
    return Published(published, True, changes, (*reading.warnings, *await _foreseen(unit, plan)))


async def _foreseen(unit: Unit, plan: Plan) -> list[Fault]:
    checked = PlanChecked(plan)
    await unit.emit(checked)
    return checked.warnings
