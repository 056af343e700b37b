"""`muster doctor`: examines an installation, running or not, and says in sentences what is well and what to do."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from uuid import uuid4

import asyncpg

from muster import __version__
from muster.alerts.actions.spool_findings import Aside
from muster.alerts.store import clock_skews
from muster.base.access import Level
from muster.base.cli.output import Json, emit_json
from muster.base.db.migrate import OLDEST_SERVER, applied, migrations
from muster.base.db.pool import together
from muster.base.instance import InstanceKind, judge_place, read_marker
from muster.base.machine import disk_of
from muster.base.postgres import Finding, Starting, describe, running_args
from muster.base.settings import Settings, read_settings
from muster.base.work.nodes import names_alive
from muster.channels.registry import examine_channels
from muster.kit.errors import Problem
from muster.operations.actions.machine import set_aside
from muster.operations.actions.standing import ADOPT
from muster.paging.store import audits
from muster.people import store as people
from muster.people.actions.exposed import TOLD
from muster.plan import store as plans

PATIENCE = 5.0
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)


async def examine(settings: Settings) -> list[Finding]:
    """All findings about the installation that these settings describe."""
    found = [_python(), _data_dir(settings), *_machine(settings)]
    if not settings.database_url:
        found += await asyncio.to_thread(describe, settings.data_dir)
    async for finding in _database(settings):
        found.append(finding)
    found.append(await _port(settings))
    return [*found, *await examine_channels(settings)]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    ok = OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON
    fix = "" if ok else "Use Python 3.11 to 3.14."
    return Finding("program", ok, f"Muster {__version__} on Python {version}.", fix)


def _data_dir(settings: Settings) -> Finding:
    path = settings.data_dir.absolute()
    if not path.exists():
        return Finding("data directory", True, f"{path} does not exist yet; it is made at the first start.")
    probe = path / ".doctor"
    try:
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        fix = "Give the user that Muster runs as write access, or set MUSTER_DATA_DIR."
        return Finding("data directory", False, f"{path} cannot be written: {error.strerror}.", fix)
    return Finding("data directory", True, f"{path} can be written.")


def _machine(settings: Settings) -> Iterator[Finding]:
    """What lies on the disk; unlike the database it can be looked at while Muster is away."""
    disk = disk_of(settings.data_dir)
    trouble = disk.trouble()
    room = f"{disk.free >> 20} MB are free for the data directory."
    yield Finding("room", trouble is None, trouble.sentence if trouble else room, trouble.fix if trouble else "")
    folder = settings.data_dir / "spool"
    left = set_aside(folder, Aside(folder).pieces())
    yield Finding("spool", left is None, left.sentence if left else "Nothing was set aside.", left.fix if left else "")
    place = judge_place(settings.data_dir.absolute(), read_marker(settings.data_dir)) if folder.is_dir() else None
    if place and place.kind is InstanceKind.COPY and not settings.database_url:
        yield Finding("copy", False, f"{place.sentence} It pages nobody.", ADOPT)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        connect = {"dsn": settings.database_url} if settings.database_url else running_args(settings.data_dir)
    except OSError as error:
        yield Finding(
            "connection",
            False,
            f"The embedded server cannot be looked at: {error.strerror}.",
            "Run it as Muster's user.",
        )
        return
    except Starting:
        yield Finding("connection", True, "Muster is just starting; ask again in a moment.")
        return
    if connect is None:
        yield Finding("connection", True, "Muster is not running here, so its database was not asked.")
        return
    try:
        conn = await asyncpg.connect(**connect, timeout=PATIENCE, statement_cache_size=settings.statement_cache)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError) as error:
        fix = (
            "Check MUSTER_DATABASE_URL: host, port, user, password and database name." if settings.database_url else ""
        )
        yield Finding("connection", False, f"The database cannot be reached: {error or type(error).__name__}.", fix)
        return
    try:
        async with together(conn):
            async for finding in _inside(conn):
                yield finding
        if settings.database_url:
            yield await _listening(conn, settings)
    finally:
        await conn.close()


async def _inside(conn: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Finding]:
    version = int(await conn.fetchval("SHOW server_version_num"))
    fix = "" if version >= OLDEST_SERVER else "Upgrade the server to PostgreSQL 15 or newer."
    yield Finding(
        "connection", version >= OLDEST_SERVER, f"PostgreSQL {version // 10000}.{version % 10000} answers.", fix
    )
    if not await conn.fetchval("SELECT to_regclass('migrations') IS NOT NULL"):
        yield Finding("migrations", True, "The database is empty; it is migrated at the first start.")
        return
    done = (await applied(conn)).keys()
    known = {(migration.feature, migration.name) for migration in migrations()}
    if done - known:
        yield Finding("migrations", False, "The database was made by a newer Muster.", "Install that version.")
        return
    missing = len(known - done)
    waiting = f"{missing} are applied at the next start." if missing else "All are applied."
    yield Finding("migrations", True, f"{len(done)} migrations are applied. {waiting}" if missing else waiting)
    if missing:
        return
    dead = await conn.fetchval("SELECT count(*) FROM work WHERE dead")
    sentence = f"{dead} jobs were given up." if dead else "No job was given up."
    yield Finding(
        "background work", not dead, sentence, "Look at work.last_error; the log has the reasons." if dead else ""
    )
    alive = await names_alive(conn)
    yield Finding(
        "nodes", True, f"At work on this database: {', '.join(alive)}." if alive else "No node is at work now."
    )
    yield await _audited(conn)
    yield await _senders_clocks(conn)
    yield await _administrators(conn)
    if revoked := await people.exposed_revoked_at(conn):
        yield Finding("links", True, f"{TOLD} That was on {revoked:%Y-%m-%d at %H:%M} UTC.")
    plan = await plans.in_force(conn)
    said = f"The plan {plan.label} is in force." if plan else "No response plan is published: alerts page nobody."
    yield Finding(
        "response plan",
        plan is not None,
        said,
        "" if plan else "Publish one: muster plan starter, muster plan publish.",
    )


async def _listening(conn: "asyncpg.Connection[asyncpg.Record]", settings: Settings) -> Finding:
    """Whether what one node tells reaches another that listens: a pooler of transactions loses it."""
    channel, heard = "muster_doctor", asyncio.Event()
    fix = "Set MUSTER_LISTEN_DATABASE_URL to an address of the same database without a pooler."
    try:
        direct = settings.listen_database_url or settings.database_url
        listener = await asyncpg.connect(direct, timeout=PATIENCE, statement_cache_size=settings.statement_cache)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError) as error:
        return Finding("listening", False, f"LISTEN does not work: {error or type(error).__name__}.", fix)
    said = uuid4().hex
    try:
        await listener.add_listener(channel, lambda *told: heard.set() if told[-1] == said else None)
        await conn.execute("SELECT pg_notify($1, $2)", channel, said)
        async with asyncio.timeout(PATIENCE):
            await heard.wait()
    except TimeoutError:
        return Finding(
            "listening",
            False,
            "What one node tells does not reach another: LISTEN is lost, as behind a PgBouncer that pools transactions.",
            fix,
        )
    finally:
        listener.terminate()
    return Finding("listening", True, "What one node tells reaches the others.")


async def _audited(conn: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    lost = len(await audits.pages_without_alarm(conn)) + len(
        await audits.deliveries_without_job(conn, await conn.fetchval("SELECT now()"))
    )
    last = await audits.newest(conn)
    told = (
        f"The self-audit last ran at {last['at']:%Y-%m-%d %H:%M:%S} UTC" if last else "The self-audit has not run yet"
    )
    many = f"; it has repaired {last['repaired']} in all." if last and last["repaired"] else "."
    if lost:
        fix = "Muster repairs them within a minute while it runs; the ledger tells which."
        return Finding("paging", False, f"{lost} pages or messages are driven by nothing. {told}{many}", fix)
    return Finding("paging", True, f"Every running page and unsent message has its job. {told}{many}")


async def _senders_clocks(conn: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    found = await clock_skews.lately(conn, await conn.fetchval("SELECT now()"))
    if not found:
        return Finding("senders' clocks", True, "No sender's clock differed from this one in the last day.")
    told = " ".join(f"{seen.name}: {seen.skew.sentence()}" for seen in found.values())
    return Finding("senders' clocks", False, told, "Correct the clocks of these senders, for example with NTP.")


async def _administrators(conn: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    everybody = await people.persons(conn)
    admins = [person.name for person in everybody if person.level is Level.ADMINISTRATOR]
    if not admins:
        return Finding("people", False, "There is no administrator.", "Run muster init, or open the first-run link.")
    contacts = await people.contacts_of(conn, [person.id for person in everybody])
    silent = [person.name for person in everybody if not contacts[person.id] and not person.email]
    if silent:
        return Finding("people", False, f"Nothing reaches {', '.join(silent)}.", "Give them a contact.")
    return Finding("people", True, f"{len(everybody)} persons, {len(admins)} of them administrators.")


async def _port(settings: Settings) -> Finding:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(host, settings.port), PATIENCE)
    except (OSError, TimeoutError):
        return Finding("port", True, f"{host}:{settings.port} is free.")
    writer.write(b"GET /healthz HTTP/1.1\r\nhost: doctor\r\nconnection: close\r\n\r\n")
    try:
        answer = await asyncio.wait_for(reader.read(2000), PATIENCE)
    except (OSError, TimeoutError):
        answer = b""
    writer.close()
    if answer.startswith(b"HTTP/1.1 200") and answer.rstrip().endswith(b"ok"):
        return Finding("port", True, f"Muster answers at {host}:{settings.port}.")
    fix = "Stop it, or choose another with MUSTER_PORT."
    return Finding("port", False, f"Something else listens on {host}:{settings.port}.", fix)


def doctor(*, json: Json = False) -> None:
    """Examine this installation and explain what is not well; exit code 1 if anything is not."""
    try:
        found = asyncio.run(examine(read_settings()))
    except Problem as problem:
        found = [Finding("settings", False, problem.title, str(problem))]
    if json:
        emit_json([asdict(finding) for finding in found])
    else:
        for finding in found:
            print(f"{'ok  ' if finding.ok else 'BAD '} {finding.name}: {finding.sentence}")  # noqa: T201
            if finding.fix:
                print(f"     {finding.fix}")  # noqa: T201
    sys.exit(0 if all(finding.ok for finding in found) else 1)
