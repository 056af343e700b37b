"""How workloads and failures look as JSON; the names are those of manifests."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from muster.catalog.graph import Blast, Hit, SinglePoint
from muster.catalog.selection import is_stale
from muster.catalog.workload import Catalogue, Component, Labels, Ref, Workload
from muster.catalog.writing import needs_of


class ComponentOut(BaseModel):
    """A component; `owner`, `criticality` and `deployment` hold the workload's where it has none of its own (`inherits`)."""

    name: str
    workload: str
    title: str
    description: str
    owner: str
    criticality: str
    deployment: str
    inherits: list[str]
    privacy: str
    security: str
    vendor: str
    links: dict[str, str]
    labels: dict[str, list[str]]
    aliases: list[str]
    depends_on: list[str | list[str]]

    @classmethod
    def of(cls, workload: Workload, component: Component) -> "ComponentOut":
        """From the domain value."""
        inherited = [key for key in ("owner", "criticality", "deployment") if not getattr(component, key)]
        return cls(
            name=component.name,
            workload=workload.name,
            title=component.title,
            description=component.description,
            owner=workload.owner_of(component),
            criticality=workload.criticality_of(component),
            deployment=workload.deployment_of(component),
            inherits=inherited,
            privacy=component.privacy or workload.privacy,
            security=component.security or workload.security,
            vendor=component.vendor,
            links=dict(component.links),
            labels=_labels(component.labels),
            aliases=list(component.aliases),
            depends_on=needs_of(component, workload.name),
        )


class WorkloadOut(BaseModel):
    """A workload with its components; `stale` when nobody has changed or reviewed it for 180 days."""

    id: UUID
    name: str
    title: str
    description: str
    owner: str
    criticality: str
    deployment: str
    privacy: str
    security: str
    vendor: str
    links: dict[str, str]
    labels: dict[str, list[str]]
    aliases: list[str]
    components: list[ComponentOut]
    created_at: datetime
    changed_at: datetime
    reviewed_at: datetime
    stale: bool
    url: str

    @classmethod
    def of(cls, workload: Workload, now: datetime) -> "WorkloadOut":
        """From the domain value."""
        return cls(
            id=workload.id,
            name=workload.name,
            title=workload.title,
            description=workload.description,
            owner=workload.owner,
            criticality=workload.criticality,
            deployment=workload.deployment,
            privacy=workload.privacy,
            security=workload.security,
            vendor=workload.vendor,
            links=dict(workload.links),
            labels=_labels(workload.labels),
            aliases=list(workload.aliases),
            components=[ComponentOut.of(workload, component) for component in workload.components],
            created_at=workload.created_at,
            changed_at=workload.changed_at,
            reviewed_at=workload.reviewed_at,
            stale=is_stale(workload, now),
            url=url_of(workload.name),
        )


class HitOut(BaseModel):
    """A component that a failure reaches after so many `hops`, because it loses `via`."""

    component: str
    owner: str
    criticality: str
    hops: int
    via: str

    @classmethod
    def of(cls, hit: Hit, catalogue: Catalogue) -> "HitOut":
        """From the domain value."""
        workload, component = catalogue.parts[hit.ref]
        return cls(
            component=str(hit.ref),
            owner=workload.owner_of(component),
            criticality=workload.criticality_of(component),
            hops=hit.hops,
            via=str(hit.via),
        )


class BlastOut(BaseModel):
    """What stops when these components fail, and what then lacks an alternative; `workloads` and `owners` of what stops."""

    failed: list[str]
    stopped: list[HitOut]
    weakened: list[HitOut]
    workloads: list[str]
    owners: list[str]

    @classmethod
    def of(cls, blast: Blast, catalogue: Catalogue) -> "BlastOut":
        """From the domain value."""
        stopped = [HitOut.of(hit, catalogue) for hit in blast.stopped]
        return cls(
            failed=[str(ref) for ref in blast.failed],
            stopped=stopped,
            weakened=[HitOut.of(hit, catalogue) for hit in blast.weakened],
            workloads=sorted({hit.ref.workload for hit in blast.stopped}),
            owners=sorted({hit.owner for hit in stopped}),
        )


class SinglePointOut(BaseModel):
    """A component whose failure alone stops the business-critical ones in `stops`; `reach` counts all that stop."""

    component: str
    stops: list[str]
    reach: int

    @classmethod
    def of(cls, point: SinglePoint) -> "SinglePointOut":
        """From the domain value."""
        return cls(component=str(point.ref), stops=[str(ref) for ref in point.stops], reach=point.reach)


def url_of(workload: str, component: str = "") -> str:
    """The address of a workload's page, or of the failure of one of its components there."""
    return f"/catalogue/workloads/{workload}" + (f"?component={component}" if component else "")


def failed_of(workload: Workload, component: str) -> list[Ref]:
    """What fails when a workload does: the named component, or all of them."""
    return [Ref(workload.name, part.name) for part in workload.components if component in ("", part.name)]


def _labels(labels: Labels) -> dict[str, list[str]]:
    return {key: list(values) for key, values in labels.items()}
