"""Bringing plans to what manifests declare; applying the same again changes nothing."""

from collections.abc import Sequence

from muster.base.access import Permission
from muster.base.manifests import Applied, ManifestKind
from muster.base.services import Services
from muster.base.unit import Unit
from muster.kit.errors import Fault, Invalid
from muster.kit.yamldoc import Document
from muster.plan.actions.publish import Published, publish_document


async def apply_plans(unit: Unit, documents: Sequence[Document], note: str = "") -> list[Applied]:
    """Publish each document of kind Plan whose text differs from its newest version.

    Call it after whatever the plans refer to has been applied.

    Raises:
        Invalid: with every fault of all of them.
    """
    unit.allow(Permission.APPLY)
    applied: list[Applied] = []
    faults: list[Fault] = []
    for document in documents:
        try:
            done = await publish_document(unit, document, note or "Applied from a manifest.")
        except Invalid as refused:
            faults += refused.faults
            continue
        applied.append(_applied(done))
    if faults:
        raise Invalid("The plan is not valid.", f"{len(faults)} fault{'s' if len(faults) != 1 else ''}.", faults)
    return applied


def _applied(done: Published) -> Applied:
    name = done.version.name
    if not done.created:
        return Applied("Plan", name, "unchanged")
    if done.version.number == 1:
        return Applied("Plan", name, "created")
    sentences = [change.sentence() for change in done.changes]
    return Applied("Plan", name, "changed", sentences or ["only its writing changed"])


async def _plans(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_plans(unit, documents)


MANIFESTS = (ManifestKind("Plan", _plans, after=("Workload", "Schedule", "Integration")),)
