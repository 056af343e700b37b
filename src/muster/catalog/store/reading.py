"""The whole catalogue as a value: read once for each version, so that the intake path pays one tiny query."""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.catalog.place import Index
from muster.catalog.survey import Survey
from muster.catalog.workload import Catalogue, Component, Criticality, Deployment, Ref, Workload

_KEPT = 4
_known: OrderedDict[UUID, tuple[Survey, Index]] = OrderedDict()

_WORKLOADS = """
SELECT w.id, w.name, w.title, w.description, team.name AS owner, w.criticality, w.deployment, w.privacy, w.security,
       w.vendor, w.links, w.labels, w.aliases, w.created_at, w.changed_at, w.reviewed_at
FROM workloads w JOIN teams team ON team.id = w.owner_id ORDER BY w.name COLLATE "C" """
_COMPONENTS = """
SELECT c.id, c.workload_id, c.name, c.title, c.description, coalesce(team.name, '') AS owner, c.criticality, c.deployment,
       c.privacy, c.security, c.vendor, c.links, c.labels, c.aliases
FROM components c LEFT JOIN teams team ON team.id = c.owner_id ORDER BY c.workload_id, c.position"""
_DEPENDENCIES = """
SELECT d.component_id, d.need, w.name AS workload, c.name AS component
FROM dependencies d JOIN components c ON c.id = d.depends_on_id JOIN workloads w ON w.id = c.workload_id
ORDER BY d.component_id, d.need, w.name COLLATE "C", c.name COLLATE "C" """


async def catalogue(conn: Conn) -> Catalogue:
    """All workloads by name, as this transaction sees them."""
    return (await _current(conn))[0].catalogue


async def survey(conn: Conn) -> Survey:
    """The catalogue with its graph and single points of failure, worked out once for each version."""
    return (await _current(conn))[0]


async def index(conn: Conn) -> Index:
    """The catalogue prepared for `locate`: which workload and component are an alert's labels about?"""
    return (await _current(conn))[1]


async def _current(conn: Conn) -> tuple[Survey, Index]:
    token: UUID = await conn.fetchval("SELECT token FROM catalog_version")
    if token in _known:
        _known.move_to_end(token)
        return _known[token]
    read = await _read(conn)
    # A change that came between the two reads has another token: under this one, nobody will ask again.
    _known[token] = Survey(read), Index(read)
    while len(_known) > _KEPT:
        _known.popitem(last=False)
    return _known[token]


async def _read(conn: Conn) -> Catalogue:
    workloads = await conn.fetch(_WORKLOADS)
    if not workloads:
        return Catalogue()
    needs = _needs(await conn.fetch(_DEPENDENCIES))
    components: defaultdict[UUID, list[Component]] = defaultdict(list)
    for row in await conn.fetch(_COMPONENTS):
        components[row["workload_id"]].append(_component(row, needs.get(row["id"], {})))
    return Catalogue(tuple(_workload(row, components[row["id"]]) for row in workloads))


def _needs(rows: list[Record]) -> dict[UUID, dict[int, list[Ref]]]:
    needs: dict[UUID, dict[int, list[Ref]]] = {}
    for row in rows:
        own = needs.setdefault(row["component_id"], {})
        own.setdefault(row["need"], []).append(Ref(row["workload"], row["component"]))
    return needs


def _component(row: Record, needs: Mapping[int, list[Ref]]) -> Component:
    fields = _common(row)
    fields["criticality"] = Criticality(row["criticality"]) if row["criticality"] else None
    fields["deployment"] = Deployment(row["deployment"]) if row["deployment"] else None
    return Component(**fields, needs=tuple(tuple(alternatives) for alternatives in needs.values()))


def _workload(row: Record, components: list[Component]) -> Workload:
    fields = _common(row)
    fields["criticality"], fields["deployment"] = Criticality(row["criticality"]), Deployment(row["deployment"])
    times = {key: row[key] for key in ("created_at", "changed_at", "reviewed_at")}
    return Workload(id=row["id"], **fields, **times, components=tuple(components))


def _common(row: Record) -> dict[str, Any]:
    names = ("name", "title", "description", "owner", "privacy", "security", "vendor", "links")
    return {
        **{key: row[key] for key in names},
        "labels": {key: tuple(values) for key, values in row["labels"].items()},
        "aliases": tuple(row["aliases"]),
    }
