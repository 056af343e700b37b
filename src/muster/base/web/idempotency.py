"""A write repeated with the same Idempotency-Key is answered again, not done again."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

from muster.base.db.locks import Lock, hold_each
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault, Invalid

HEADER = "idempotency-key"
KEPT = timedelta(days=2)


@dataclass(slots=True)
class Repeat:
    """An idempotent request in progress; `answer` is set when it was done before."""

    actor: str
    key: str
    digest: str
    answer: Response | None = None

    async def keep(self, unit: Unit, response: Response) -> None:
        """Remember the answer in the transaction of the write, unless it shows a secret that is kept nowhere."""
        if response.status_code >= 400 or "private" in response.headers.get("cache-control", ""):
            return
        await unit.conn.execute(
            "INSERT INTO idempotency (actor, key, request_digest, status, body, content_type, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            self.actor,
            self.key,
            self.digest,
            response.status_code,
            bytes(response.body),
            response.headers.get("content-type", "application/json"),
            unit.now,
        )


async def begin(unit: Unit, request: Request) -> Repeat | None:
    """Look the key up, holding it against concurrent repeats; None when the request carries no key.

    Raises:
        Invalid: the key is empty or too long.
        Conflict: the key was used for a different request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= 255:
        raise Invalid("The Idempotency-Key is unusable.", faults=[Fault(HEADER, "It must have 1 to 255 characters.")])
    actor = f"{unit.principal.kind}:{unit.principal.name}"
    digest = hashlib.sha256()
    for part in (request.method.encode(), request.url.path.encode(), request.url.query.encode(), await request.body()):
        digest.update(len(part).to_bytes(8, "big") + part)
    repeat = Repeat(actor, key, digest.hexdigest())
    await hold_each(unit.conn, Lock.REPEATS, [f"{actor}\x1f{key}"])
    row = await unit.conn.fetchrow("SELECT * FROM idempotency WHERE actor = $1 AND key = $2", actor, key)
    if row is None:
        return repeat
    if row["request_digest"] != repeat.digest:
        raise Conflict("This Idempotency-Key was used for another request.", "Use a new key for a new request.")
    repeat.answer = Response(row["body"], row["status"], {"idempotent-replay": "true"}, row["content_type"])
    return repeat


async def forget_old(unit: Unit) -> None:
    """Drop answers that are too old to be asked for again."""
    await unit.conn.execute("DELETE FROM idempotency WHERE created_at < $1", unit.now - KEPT)
