"""Bringing workloads to what manifests declare, all together, so that they may refer to each other in any order."""

from collections.abc import Sequence

from pydantic import ValidationError

from muster.base.access import Permission
from muster.base.manifests import Applied, ManifestKind
from muster.base.services import Services
from muster.base.unit import Unit
from muster.catalog.actions.save import Saved, Unsaved, save
from muster.catalog.manifest import WorkloadManifest
from muster.catalog.placing import placed
from muster.catalog.workload import WorkloadDraft
from muster.kit.errors import Fault, Invalid
from muster.kit.faults import faults_of
from muster.kit.yamldoc import Document
from muster.people.difference import sentences


async def apply_workloads(unit: Unit, documents: Sequence[Document]) -> list[Applied]:
    """Create or change workloads; the teams that own them must exist by now. Applying the same again changes nothing.

    Raises:
        Invalid: with every fault of all documents, each at its place; nothing of them is written then.
    """
    unit.allow(Permission.APPLY)
    faults: list[Fault] = []
    unread: list[str] = []
    read: list[tuple[WorkloadDraft, Document]] = []
    for document in documents:
        try:
            read.append((WorkloadManifest.model_validate(document.data).draft(), document))
        except ValidationError as error:
            faults += faults_of(error, WorkloadManifest, document)
            unread.append(str(document.data.get("name")))
    done = await save(unit, [draft for draft, _ in read], unread)
    if isinstance(done, Unsaved):
        faults += [placed(fault, document) for draft, document in read for fault in done.faults.get(draft.name, ())]
        done = []
    if faults:
        raise Invalid("The workloads cannot be applied.", faults=faults)
    return [_applied(saved) for saved in done]


def _applied(saved: Saved) -> Applied:
    if saved.created:
        return Applied("Workload", saved.workload.name, "created")
    changes = sentences(saved.changed)
    return Applied("Workload", saved.workload.name, "changed" if changes else "unchanged", changes)


async def _workloads(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_workloads(unit, documents)


MANIFESTS = (ManifestKind("Workload", _workloads, together=True, after=("Team", "Schedule")),)
