"""Rows of pages."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.kit.link import Link
from muster.kit.rules import Condition
from muster.paging.page import Page, PageState, Purpose
from muster.plan.model.fields import Target
from muster.plan.steps import FrozenStep

_PAGES = Table(
    "pages", id="uuid", incident_id="uuid", ref="text", title="text", summary="text", severity="text", policy="text",
    steps="jsonb", plan_version_id="uuid", why="text", next_step="text", links="jsonb", facts="jsonb", roles="jsonb",
    state="text", step="integer", started_at="timestamptz", next_at="timestamptz", ended_at="timestamptz",
    ended_reason="text", purpose="text", asked_by="text", drill="boolean",
)  # fmt: skip
COLUMNS = _PAGES.text


async def insert(conn: Conn, pages: Sequence[Page]) -> None:
    """Write pages that have just begun."""
    rows = [
        {name: getattr(page, name) for name in _PAGES.names} | {"steps": [_step_json(step) for step in page.steps]}
        for page in pages
    ]
    await _PAGES.insert(conn, rows)


async def lock(conn: Conn, page_id: UUID) -> Page | None:
    """One page, locked for a change."""
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM pages WHERE id = $1 FOR UPDATE", page_id)
    return page_of(row) if row else None


async def by_ids(conn: Conn, ids: Sequence[UUID]) -> dict[UUID, Page]:
    """Pages by id."""
    return {
        row["id"]: page_of(row)
        for row in await conn.fetch(f"SELECT {COLUMNS} FROM pages WHERE id = ANY($1)", list(ids))
    }


async def advanced(conn: Conn, page_id: UUID, step: int, next_at: datetime | None) -> None:
    """A running page has taken steps."""
    await conn.execute("UPDATE pages SET step = $2, next_at = $3 WHERE id = $1", page_id, step, next_at)


async def end(conn: Conn, page_id: UUID, state: PageState, reason: str, now: datetime) -> None:
    """A running page has ended."""
    await conn.execute(
        """UPDATE pages SET state = $2, ended_reason = $3, ended_at = $4, next_at = NULL
           WHERE id = $1 AND state = 'running'""",
        page_id,
        str(state),
        reason,
        now,
    )


async def stop(
    conn: Conn, incident_ids: Sequence[UUID], reason: str, now: datetime, purposes: Collection[str]
) -> list[Page]:
    """Stop the running pages of incidents that are for one of these purposes; returns them."""
    rows = await conn.fetch(
        f"""UPDATE pages SET state = 'stopped', ended_reason = $2, ended_at = $3, next_at = NULL
            WHERE incident_id = ANY($1) AND state = 'running' AND purpose = ANY($4) RETURNING {COLUMNS}""",
        list(incident_ids),
        reason,
        now,
        [str(purpose) for purpose in purposes],
    )
    return [page_of(row) for row in rows]


async def running(conn: Conn, incident_id: UUID) -> list[Page]:
    """The running pages of an incident, locked for a change."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM pages WHERE incident_id = $1 AND state = 'running' ORDER BY id FOR UPDATE", incident_id
    )
    return [page_of(row) for row in rows]


async def running_by(conn: Conn, target: str) -> list[str]:
    """The references of incidents whose running pages have this target in a step, such as `schedule:primary`."""
    rows = await conn.fetch(
        """SELECT DISTINCT ref FROM pages WHERE state = 'running' AND jsonb_path_exists(
               steps, '$[*].targets[*] ? (@ == $wanted)', jsonb_build_object('wanted', $1::text)) ORDER BY ref""",
        target,
    )
    return [row["ref"] for row in rows]


async def set_severity(conn: Conn, incident_id: UUID, severity: str) -> None:
    """Running pages go on as of this severity."""
    await conn.execute(
        "UPDATE pages SET severity = $2 WHERE incident_id = $1 AND state = 'running'", incident_id, severity
    )


async def of_incident(conn: Conn, incident_id: UUID) -> list[Page]:
    """All pages that an incident ever had, oldest first."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM pages WHERE incident_id = $1 ORDER BY started_at, id", incident_id)
    return [page_of(row) for row in rows]


def page_of(row: Record) -> Page:
    """A page from a row with `COLUMNS`."""
    values = {field.name: row[field.name] for field in fields(Page)}
    values["state"], values["purpose"] = PageState(values["state"]), Purpose(values["purpose"])
    values["steps"] = tuple(_step(step) for step in values["steps"])
    values["links"] = tuple(Link(**link) for link in values["links"])
    return Page(**values)


def _step_json(step: FrozenStep) -> dict[str, Any]:
    plain = {
        "targets": [str(target) for target in step.targets],
        "wait": step.wait.total_seconds(),
        "policy": step.policy,
    }
    asked = {"if": [rule.text for rule in step.conditions]} if step.conditions else {}
    return {**plain, **asked, **({"mode": step.mode, "turn": step.turn} if step.turn else {})}


def _step(data: dict[str, Any]) -> FrozenStep:
    targets = tuple(Target(*text.split(":", 1)) for text in data["targets"])
    conditions = tuple(Condition.compile(text) for text in data.get("if", ()))
    wait = timedelta(seconds=data["wait"])
    return FrozenStep(targets, wait, data["policy"], conditions, data.get("mode", "all"), data.get("turn", ""))
