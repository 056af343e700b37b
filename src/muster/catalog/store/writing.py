"""Writing workloads; whoever does holds the catalogue first, and gives it a new version afterwards."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.base.unit import Conn
from muster.catalog.workload import Component, WorkloadDraft
from muster.kit.ids import new_id

_UPSERT = """
INSERT INTO workloads (id, name, title, description, owner_id, criticality, deployment, privacy, security, vendor, links,
                       labels, aliases, created_at, changed_at, reviewed_at)
SELECT $1, $2, $3, $4, id, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14 FROM teams WHERE name = $5
ON CONFLICT (name) DO UPDATE SET
    title = excluded.title, description = excluded.description, owner_id = excluded.owner_id,
    criticality = excluded.criticality, deployment = excluded.deployment, privacy = excluded.privacy,
    security = excluded.security, vendor = excluded.vendor, links = excluded.links, labels = excluded.labels,
    aliases = excluded.aliases, changed_at = excluded.changed_at
RETURNING id"""
_UPSERT_COMPONENT = """
INSERT INTO components (id, workload_id, name, position, title, description, owner_id, criticality, deployment, privacy,
                        security, vendor, links, labels, aliases)
VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM teams WHERE name = $7), $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (workload_id, name) DO UPDATE SET
    position = excluded.position, title = excluded.title, description = excluded.description,
    owner_id = excluded.owner_id, criticality = excluded.criticality, deployment = excluded.deployment,
    privacy = excluded.privacy, security = excluded.security, vendor = excluded.vendor, links = excluded.links,
    labels = excluded.labels, aliases = excluded.aliases"""
_CUT = """
DELETE FROM dependencies USING components, workloads
WHERE component_id = components.id AND workload_id = workloads.id AND workloads.name = ANY($1)"""
_TIE = """
INSERT INTO dependencies (component_id, depends_on_id, need)
SELECT c.id, needed.id, row.need
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS row (workload, name, on_workload, on_name, need)
JOIN workloads w ON w.name = row.workload JOIN components c ON c.workload_id = w.id AND c.name = row.name
JOIN workloads nw ON nw.name = row.on_workload JOIN components needed ON needed.workload_id = nw.id AND needed.name = row.on_name"""


async def hold(conn: Conn) -> None:
    """Let nobody else change the catalogue until this transaction ends; reading goes on."""
    await conn.execute("SELECT FROM catalog_version FOR UPDATE")


async def renew(conn: Conn) -> None:
    """Give the catalogue a new version: what was read before holds no longer."""
    await conn.execute("UPDATE catalog_version SET token = gen_random_uuid()")


async def hold_teams(conn: Conn, names: Iterable[str]) -> None:
    """Let nobody delete these teams until this transaction ends."""
    await conn.execute("SELECT FROM teams WHERE name = ANY($1) ORDER BY name FOR KEY SHARE", list(set(names)))


async def save(conn: Conn, drafts: Sequence[WorkloadDraft], now: datetime) -> None:
    """Write workloads whole, new or not; owners exist, and nobody depends on a component that goes."""
    await conn.execute(_CUT, [draft.name for draft in drafts])
    for draft in drafts:
        id = await conn.fetchval(_UPSERT, new_id(now), *_columns(draft, draft.owner), now)
        names = [component.name for component in draft.components]
        await conn.execute("DELETE FROM components WHERE workload_id = $1 AND NOT name = ANY($2)", id, names)
        await conn.executemany(
            _UPSERT_COMPONENT,
            [_component(id, new_id(now), place, component) for place, component in enumerate(draft.components)],
        )
    ties = [
        (draft.name, component.name, *ref, number)
        for draft in drafts
        for component in draft.components
        for number, need in enumerate(component.needs)
        for ref in need
    ]
    await conn.execute(_TIE, *map(list, zip(*ties, strict=True)) if ties else ([], [], [], [], []))


async def delete(conn: Conn, name: str) -> None:
    """Remove a workload with its components and what they depend on."""
    await conn.execute(_CUT, [name])
    await conn.execute("DELETE FROM workloads WHERE name = $1", name)


async def reviewed(conn: Conn, name: str, now: datetime) -> None:
    """Note that a workload's entry still holds."""
    await conn.execute("UPDATE workloads SET reviewed_at = $2 WHERE name = $1", name, now)


async def owned_by(conn: Conn, team_id: UUID) -> list[str]:
    """The workloads and components (`shop/web`) that a team answers for, by name."""
    rows = await conn.fetch(
        """SELECT name FROM workloads WHERE owner_id = $1
           UNION ALL SELECT w.name || '/' || c.name FROM components c JOIN workloads w ON w.id = c.workload_id
           WHERE c.owner_id = $1 ORDER BY 1""",
        team_id,
    )
    return [row["name"] for row in rows]


def _columns(draft: WorkloadDraft, owner: str) -> list[Any]:
    return [
        draft.name,
        draft.title,
        draft.description,
        owner,
        str(draft.criticality),
        str(draft.deployment),
        draft.privacy,
        draft.security,
        draft.vendor,
        draft.links,
        draft.labels,
        list(draft.aliases),
    ]


def _component(workload_id: UUID, id: UUID, place: int, component: Component) -> tuple[Any, ...]:
    return (
        id,
        workload_id,
        component.name,
        place,
        component.title,
        component.description,
        component.owner or None,
        component.criticality,
        component.deployment,
        component.privacy,
        component.security,
        component.vendor,
        component.links,
        component.labels,
        list(component.aliases),
    )
