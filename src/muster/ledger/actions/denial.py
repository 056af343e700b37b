"""Recording refusals, so that probing leaves a trace and cannot flood the ledger."""

from datetime import timedelta
from hashlib import sha256

import msgspec

from muster.base.access import Principal
from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.masking import mask_path, mask_text
from muster.ledger import store
from muster.ledger.actions.append import record_as
from muster.ledger.canon import json_text, text
from muster.ledger.event import Event
from muster.ledger.events import ACCESS, ACCESS_DENIED

JOB = "ledger.denials"
WINDOW = timedelta(minutes=1)
LONGEST_PATH = 500


async def record_denial(unit: Unit, principal: Principal, permission: str, path: str, reason: str) -> None:
    """Record that `principal` was refused at `path`, the template of a route. Needs no permission.

    The first refusal of an actor and permission is recorded at once; those of the minute after it are counted and
    recorded as one, and so on until a minute passes without any.
    """
    actor, path, reason = json_text(principal.as_json()), text(mask_path(path)[:LONGEST_PATH]), text(mask_text(reason))
    key = sha256(f"{actor}\n{permission}".encode()).hexdigest()
    if await store.count_denial(unit.conn, key, actor, permission, path, reason, unit.now):
        data = {"permission": permission, "path": path, "times": 1}
        await record_as(unit, principal.as_json(), [Event(ACCESS, ACCESS_DENIED, data, reason)])
        await enqueue(unit, [Job(JOB, key, run_at=unit.now + WINDOW)])


async def record_repeats(unit: Unit, key: str) -> None:
    """Record what was counted in the minute that has ended, and count on; or forget the actor if there was nothing."""
    if row := await store.take_denials(unit.conn, key):
        data = {"permission": row["permission"], "path": row["path"], "times": row["repeats"]}
        actor = msgspec.json.decode(row["actor"], type=dict[str, str])
        await record_as(unit, actor, [Event(ACCESS, ACCESS_DENIED, data, row["reason"])])
        await enqueue(unit, [Job(JOB, key, run_at=unit.now + WINDOW)])
