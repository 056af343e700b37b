"""What the server is told: its settings with the reason for each, and who may connect as whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muster.base.postgres.layout import Layout

ROLE = "muster"
ADMIN = "postgres"
DATABASE = "muster"
PORT = 5432
_MAP = "house"


@dataclass(frozen=True, slots=True)
class Setting:
    """One server setting; `since` is the first PostgreSQL major that knows it."""

    name: str
    value: str
    why: str
    since: int = 15


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "max_connections", "60", "A pool of 16 per node process, command line and backups; each slot costs memory."
    ),
    Setting("shared_buffers", "64MB", "The whole of Muster idles below 300 MB; the kernel's page cache does the rest."),
    Setting("effective_cache_size", "512MB", "What the planner may expect of that page cache; allocates nothing."),
    Setting("work_mem", "4MB", "Per sort and hash: statements are short and many."),
    Setting("maintenance_work_mem", "32MB", "Per vacuum worker and index build."),
    Setting("huge_pages", "off", "In a container with a huge-page limit, the default dies with SIGBUS."),
    Setting("dynamic_shared_memory_type", "mmap", "systemd-logind deletes /dev/shm files of a user who signs off."),
    Setting(
        "min_dynamic_shared_memory", "4MB", "Served from the main segment, so that mmap files are hardly ever made."
    ),
    Setting("io_method", "sync", "Three I/O workers fewer: the database fits the page cache.", since=18),
    Setting("jit", "off", "Compiling costs more than any statement here takes, and the wheel has no LLVM."),
    Setting("max_worker_processes", "2", "Index builds; nothing else here starts background workers."),
    Setting("max_logical_replication_workers", "0", "One idle process fewer; nothing replicates."),
    Setting("max_parallel_workers_per_gather", "0", "One report must not take both cores from the paging of a person."),
    Setting("synchronous_commit", "on", "An accepted alert is on disk before it is answered."),
    Setting("wal_level", "minimal", "Nothing replicates from the embedded server; outgrown, use a real one."),
    Setting("max_wal_senders", "0", "As wal_level minimal demands."),
    Setting("min_wal_size", "64MB", "Segments are recycled, so that a commit seldom waits for a new file."),
    Setting("max_wal_size", "512MB", "Bounds recovery after a crash to a few seconds."),
    Setting("checkpoint_timeout", "15min", "Fewer full-page images after checkpoints."),
    Setting("wal_compression", "pglz", "Full-page images shrink to a third; a commit waits for bytes on disk."),
    Setting("random_page_cost", "1.1", "Solid-state disks and page cache: an index is nearly always right."),
    Setting("autovacuum", "on", "The queue and the clocks rewrite their rows all day."),
    Setting("autovacuum_max_workers", "2", "Two cores' worth."),
    Setting("autovacuum_worker_slots", "2", "As many as workers; the default reserves sixteen.", since=18),
    Setting("autovacuum_naptime", "15s", "A burst of 6,000 jobs leaves dead rows that slow the next lease."),
    Setting("autovacuum_vacuum_scale_factor", "0.05", "The default waits for a fifth of a large table."),
    Setting("autovacuum_analyze_scale_factor", "0.05", "Plans follow a table that grows from empty in minutes."),
    Setting("client_connection_check_interval", "5s", "A long statement of a Muster that was killed ends soon."),
    Setting("track_io_timing", "on", "EXPLAIN shows where time goes; cheap on every clock of today."),
    Setting("timezone", "UTC", "Times are UTC inside; people's zones are applied at the edges."),
    Setting("log_timezone", "UTC", "As above."),
    Setting("log_destination", "stderr", "Muster reads it and writes it into its own log."),
    Setting("logging_collector", "off", "As above: one process fewer."),
    Setting("log_line_prefix", "%b|", "Who speaks: an error of a client backend is also raised in the client."),
    Setting("log_checkpoints", "off", "Routine."),
    Setting("log_parameter_max_length", "0", "Values in statements may be secret."),
    Setting("log_parameter_max_length_on_error", "0", "As above."),
    Setting("log_min_error_statement", "panic", "As above: the client knows its statement."),
    Setting("lc_messages", "C", "Failures are recognised by PostgreSQL's English words."),
)


def render_settings(layout: Layout, major: int, extra: Mapping[str, str]) -> str:
    """The text of postgresql.conf for this PostgreSQL major. `extra` overrides; the operator's local.conf comes last."""
    lines = ["# Written by Muster at every start. Put your own settings into local.conf beside this file.", ""]
    for setting in SETTINGS:
        if setting.since <= major and setting.name not in extra:
            lines += [f"# {setting.why}", f"{setting.name} = {quoted(setting.value)}"]
    lines += [f"{name} = {quoted(value)}" for name, value in extra.items()]
    lines += [
        f"data_directory = {quoted(layout.cluster)}",
        f"hba_file = {quoted(layout.home / 'pg_hba.conf')}",
        f"ident_file = {quoted(layout.home / 'pg_ident.conf')}",
        f"include_if_exists = {quoted(layout.home / 'local.conf')}",
    ]
    return "\n".join(lines) + "\n"


def render_hba() -> str:
    """The text of pg_hba.conf: peer authentication on the socket, and nothing else, is a way in."""
    return f"# Written by Muster.\nlocal all {ROLE},{ADMIN} peer map={_MAP}\n"


def render_ident(users: set[str]) -> str:
    """The text of pg_ident.conf: these users of the operating system may be Muster's role and the administrator.

    The account that the server runs as is not among them, unless Muster itself runs as it.
    """
    lines = [f'{_MAP} "{user}" {role}' for user in sorted(users) for role in (ROLE, ADMIN)]
    return "\n".join(["# Written by Muster.", *lines]) + "\n"


def server_flags(layout: Layout, socket_dir: Path) -> list[str]:
    """Command-line flags: what holds whatever local.conf or ALTER SYSTEM say."""
    held = {
        "config_file": str(layout.config),
        "listen_addresses": "",
        "unix_socket_directories": '"' + str(socket_dir).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "port": str(PORT),
    }
    return ["-D", str(layout.cluster), *(part for name, value in held.items() for part in ("-c", f"{name}={value}"))]


def quoted(value: object) -> str:
    """A string of the configuration file, in which a backslash escapes."""
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"
