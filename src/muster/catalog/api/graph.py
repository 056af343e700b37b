"""The graph of dependencies as data, with what nothing stands in for, and where an alert belongs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.catalog import store
from muster.catalog.api.shapes import SinglePointOut

router = api_router("/catalog", "catalogue")


class NodeOut(BaseModel):
    """A component, as `workload/component`."""

    component: str
    workload: str
    owner: str
    criticality: str


class EdgeOut(BaseModel):
    """`component` depends on `on`; edges of one component with the same `need` are alternatives, of which one suffices."""

    component: str
    on: str
    need: int


class GraphOut(BaseModel):
    """All components, what they depend on, and the single points of failure."""

    nodes: list[NodeOut]
    edges: list[EdgeOut]
    single_points: list[SinglePointOut]


class LabelsIn(BaseModel):
    """The labels of an alert."""

    model_config = ConfigDict(extra="forbid")

    labels: dict[str, Annotated[str, Field(max_length=5000)]] = Field(max_length=200)


class PlaceOut(BaseModel):
    """Where an alert belongs; empty texts where that cannot be told."""

    workload: str
    component: str
    criticality: str


@router.get("/graph")
@needs(Permission.CATALOG_READ)
async def show_graph(unit: Uses) -> GraphOut:
    """Show all dependencies and the single points of failure."""
    survey = await store.survey(unit.conn)
    nodes = [
        NodeOut(
            component=str(ref),
            workload=workload.name,
            owner=workload.owner_of(component),
            criticality=workload.criticality_of(component),
        )
        for ref, (workload, component) in survey.catalogue.parts.items()
    ]
    edges = [
        EdgeOut(component=str(ref), on=str(on), need=number)
        for ref, needs_ in survey.graph.needs.items()
        for number, need in enumerate(needs_)
        for on in need
    ]
    points = [SinglePointOut.of(point) for point in survey.single_points]
    return GraphOut(nodes=nodes, edges=edges, single_points=points)


@router.post("/locate")
@needs(Permission.CATALOG_READ)
async def locate(unit: Uses, body: LabelsIn) -> PlaceOut:
    """Tell which workload and component an alert with these labels belongs to, as the intake would."""
    place = (await store.index(unit.conn)).locate(body.labels)
    return PlaceOut(workload=place.workload, component=place.component, criticality=place.criticality)
