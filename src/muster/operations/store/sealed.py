"""Where sealed secrets stand in the database, and how they are sealed anew with another key."""

from dataclasses import dataclass

from muster.base.secrets import Secrets, key_of
from muster.base.unit import Conn
from muster.kit.errors import Fault, Invalid

ANEW = "Put that key behind the present one (MUSTER_SECRET_KEY or secret.key), or enter these secrets again."


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed secrets. `row` is the name that a value is bound to; `{id}` stands for the row's identity."""

    table: str
    column: str
    row: str
    identity: str = "id"


COLUMNS = (
    Column("contacts", "secret", "contact:{id}/secret"),
    Column("integrations", "key_sealed", "integration:{id}/key"),
    Column("integrations", "secret_sealed", "integration:{id}/secret"),
    Column("totp_secrets", "sealed", "totp:{id}/secret", "person_id"),
    Column("channel_memory", "value", "channel:{id}", "channel || '/' || name"),
)
"""All of them; a test looks for others."""


async def sealed_with(conn: Conn) -> dict[str, int]:
    """How many secrets each key has sealed, by the key's name."""
    found: dict[str, int] = {}
    for column in COLUMNS:
        rows = await conn.fetch(
            f"""SELECT split_part({column.column}, '.', 2) AS key, count(*) AS many FROM {column.table}
                WHERE {column.column} LIKE 'm1.%' GROUP BY 1"""
        )
        for row in rows:
            found[row["key"]] = found.get(row["key"], 0) + row["many"]
    return found


async def seal_anew(conn: Conn, secrets: Secrets) -> int:
    """Seal everything with the present key that another key has sealed; returns how many secrets that were.

    Raises:
        Invalid: a key that sealed some of them is not there; nothing is changed then.
    """
    missing = {name: many for name, many in (await sealed_with(conn)).items() if name not in secrets.names}
    if missing:
        faults = [
            Fault(
                f"key {name}",
                f"{many} secret{'s are' if many != 1 else ' is'} sealed with it, and it is not there.",
                ANEW,
            )
            for name, many in sorted(missing.items())
        ]
        raise Invalid("The secrets cannot be sealed anew.", faults=faults)
    changed = 0
    for column in COLUMNS:
        rows = await conn.fetch(
            f"""SELECT ctid, ({column.identity})::text AS id, {column.column} AS value FROM {column.table}
                WHERE {column.column} LIKE 'm1.%' FOR UPDATE"""
        )
        for row in rows:
            if key_of(row["value"]) == secrets.names[0]:
                continue
            name = column.row.format(id=row["id"])
            fresh = secrets.seal(secrets.open(row["value"], name), name)
            await conn.execute(f"UPDATE {column.table} SET {column.column} = $2 WHERE ctid = $1", row["ctid"], fresh)
            changed += 1
    return changed
