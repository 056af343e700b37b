"""Brings a database to this version's shape: plain SQL files beside each feature, forward-only, once each, under one lock."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files

from asyncpg import Pool

from muster.base.db.locks import Lock, hold
from muster.base.features import installed
from muster.base.unit import Conn
from muster.kit.errors import Unavailable

OLDEST_SERVER = 150000

_TABLE = """
CREATE TABLE IF NOT EXISTS migrations (
    feature text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (feature, name)
)"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file; `digest` is checked so that an applied file is never edited afterwards."""

    feature: str
    name: str
    sql: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """All files in the order in which they are applied."""
    files_in_order = []
    for feature in installed():
        folder = files("muster") / feature.name / "migrations"
        if folder.is_dir():
            names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
            files_in_order += [Migration(feature.name, name, (folder / name).read_text()) for name in names]
    return files_in_order


async def migrate(pool: Pool) -> list[str]:
    """Apply what is missing, in one transaction; returns the names of what was applied.

    Raises:
        Unavailable: the server is too old, or the database was made by a newer Muster.
    """
    async with pool.acquire() as conn, conn.transaction():
        await _check_server(conn)
        await hold(conn, Lock.MIGRATIONS)
        await conn.execute(_TABLE)
        for feature in installed():
            for former in feature.formerly:
                await conn.execute("UPDATE migrations SET feature = $2 WHERE feature = $1", former, feature.name)
        done = await applied(conn)
        known = {(migration.feature, migration.name): migration for migration in migrations()}
        if unknown := sorted(set(done) - set(known)):
            raise Unavailable(
                "This database was made by a newer Muster.",
                f"It holds the migration {'/'.join(unknown[0])}, which this version does not know: install that version.",
            )
        fresh = []
        for place, migration in known.items():
            if place not in done:
                await conn.execute(migration.sql)
                await conn.execute(
                    "INSERT INTO migrations (feature, name, digest) VALUES ($1, $2, $3)", *place, migration.digest
                )
                fresh.append("/".join(place))
            elif done[place] != migration.digest:
                raise Unavailable(
                    f"The migration {'/'.join(place)} was changed after it was applied.",
                    "Reinstall Muster, or restore the file: an applied migration is never edited.",
                )
        return fresh


async def applied(conn: Conn) -> dict[tuple[str, str], str]:
    """The digest of each applied migration, by its feature's present name and its own."""
    names = {former: feature.name for feature in installed() for former in feature.formerly}
    rows = await conn.fetch("SELECT feature, name, digest FROM migrations")
    return {(names.get(row["feature"], row["feature"]), row["name"]): row["digest"] for row in rows}


async def _check_server(conn: Conn) -> None:
    version = int(await conn.fetchval("SHOW server_version_num"))
    if version < OLDEST_SERVER:
        raise Unavailable(
            f"PostgreSQL {version // 10000} is too old.", "Muster needs PostgreSQL 15 or newer: upgrade the server."
        )
