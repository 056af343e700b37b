"""Muster's role and database inside the server: an ordinary owner, so that nothing works here that fails elsewhere."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from muster.base.postgres.config import ADMIN, DATABASE, PORT, ROLE

KEEPER = "muster_keeper"
"""Owns what Muster itself may only add to; nobody can sign in as it."""
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
            await release(socket_dir)
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


async def protect(socket_dir: Path, tables: Sequence[str], functions: Sequence[str] = ()) -> None:
    """Take these tables from Muster's role, which may then read them and add to them, and nothing else but call the functions.

    The schema goes with them, whose owner could drop them. For as long as migrations run, `release` gives them back.
    """
    connection = await asyncpg.connect(**connect_args(socket_dir, role=ADMIN))
    try:
        async with connection.transaction():
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", KEEPER):
                await connection.execute(f"CREATE ROLE {KEEPER} NOLOGIN")
            await connection.execute(f"ALTER SCHEMA public OWNER TO {KEEPER}")
            await connection.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {ROLE}")
            for table in tables:
                await connection.execute(f"ALTER TABLE public.{table} OWNER TO {KEEPER}")
                await connection.execute(f"REVOKE ALL ON public.{table} FROM {ROLE}")
                await connection.execute(f"GRANT SELECT, INSERT, REFERENCES ON public.{table} TO {ROLE}")
            for function in functions:
                await connection.execute(f"ALTER FUNCTION public.{function} OWNER TO {KEEPER}")
                await connection.execute(f"REVOKE ALL ON FUNCTION public.{function} FROM PUBLIC, {ROLE}")
                await connection.execute(f"GRANT EXECUTE ON FUNCTION public.{function} TO {ROLE}")
    finally:
        await connection.close()


async def release(socket_dir: Path) -> None:
    """Give Muster's role what was protected, so that migrations can change it; nothing where nothing was."""
    connection = await asyncpg.connect(**connect_args(socket_dir, role=ADMIN))
    try:
        if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", KEEPER):
            await connection.execute(f"REASSIGN OWNED BY {KEEPER} TO {ROLE}")
    finally:
        await connection.close()
