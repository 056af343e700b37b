"""Rows of the steps that pages took."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.paging.history import StepTaken
from muster.paging.run import TakenStep
from muster.paging.targets import TargetPeople
from muster.paging.unreached import unreached_from
from muster.plan.model.fields import Target

_STEPS = Table(
    "page_steps", page_id="uuid", number="integer", why="text", targets="jsonb", skipped="text", at="timestamptz"
)
_NAMES = ("people", "waiting", "shadows", "deferred")


async def insert(conn: Conn, taken: Sequence[tuple[UUID, TakenStep]], now: datetime) -> None:
    """Keep what steps came to."""
    rows = [
        (page_id, step.number, step.why, [_json(meant) for meant in step.meant], step.skipped, now)
        for page_id, step in taken
    ]
    await _STEPS.insert(conn, rows)


async def of_pages(conn: Conn, page_ids: Sequence[UUID]) -> dict[UUID, list[StepTaken]]:
    """The steps that pages took, in order."""
    rows = await conn.fetch(
        "SELECT page_id, number, at, why, targets, skipped FROM page_steps WHERE page_id = ANY($1) ORDER BY page_id, number",
        list(page_ids),
    )
    steps: dict[UUID, list[StepTaken]] = {}
    for row in rows:
        targets = tuple(_meant(kept) for kept in row["targets"])
        steps.setdefault(row["page_id"], []).append(
            StepTaken(row["number"], row["at"], row["why"], row["skipped"], targets)
        )
    return steps


def _json(meant: TargetPeople) -> dict[str, Any]:
    names = {name: list(value) for name in _NAMES if (value := getattr(meant, name)) or name == "people"}
    unreached = [absent.as_json() for absent in meant.unreached]
    return {"target": str(meant.target), "reason": meant.reason, "unreached": unreached, **names}


def _meant(kept: dict[str, Any]) -> TargetPeople:
    names = {name: tuple(kept.get(name, ())) for name in _NAMES}
    unreached = tuple(unreached_from(each) for each in kept["unreached"])
    return TargetPeople(Target(*kept["target"].split(":", 1)), reason=kept["reason"], unreached=unreached, **names)
