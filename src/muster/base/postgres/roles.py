"""Muster's role and database inside the server: an ordinary owner, so that nothing works here that fails elsewhere."""

from pathlib import Path
from typing import Any

import asyncpg

from muster.base.postgres.config import ADMIN, DATABASE, PORT, ROLE

_NOT_THERE = (
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.UndefinedObjectError,
)


def connect_args(socket_dir: Path, *, role: str = ROLE, database: str = DATABASE) -> dict[str, Any]:
    """What asyncpg.connect and create_pool take to reach the server."""
    return {"host": str(socket_dir), "port": PORT, "user": role, "database": database}


async def prepare(socket_dir: Path, *, fresh: bool) -> None:
    """Prove that Muster can connect; make its role and database first where they are missing.

    The role is no superuser: an injected statement cannot read files or run programs, and migrations that pass here also
    pass on a managed PostgreSQL. It may create databases, which restoring a backup beside the live one needs.
    """
    if not fresh:
        try:
            await (await asyncpg.connect(**connect_args(socket_dir))).close()
            return
        except _NOT_THERE:
            pass  # A start that was killed in between, or somebody dropped it.
    await _create(socket_dir, fresh=fresh)
    await (await asyncpg.connect(**connect_args(socket_dir))).close()


async def _create(socket_dir: Path, *, fresh: bool) -> None:
    connection = await asyncpg.connect(**connect_args(socket_dir, role=ADMIN, database="template1"))
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", ROLE):
            await connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if fresh:
            # The database that initdb just made serves as well as a new one, and takes no half second to copy.
            await connection.execute(f"ALTER DATABASE postgres RENAME TO {DATABASE}")
            await connection.execute(f"ALTER DATABASE {DATABASE} OWNER TO {ROLE}")
            await connection.execute(f"COMMENT ON DATABASE {DATABASE} IS 'Muster'")
        elif not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE} TEMPLATE template0")
    finally:
        await connection.close()
