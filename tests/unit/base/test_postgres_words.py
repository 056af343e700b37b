"""What the embedded PostgreSQL is told and what its words mean."""

from pathlib import Path

import pytest

from muster.base.postgres import config, pidfile, sockets
from muster.base.postgres.layout import Layout
from muster.base.postgres.problems import explain
from muster.base.postgres.report import level_of

HOME = Path("/srv/o'brien\\muster")


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("postmaster|LOG:  database system is ready to accept connections", "debug"),
        ("client backend|ERROR:  duplicate key value violates unique constraint", "debug"),
        ('client backend|FATAL:  Peer authentication failed for user "muster"', "info"),
        ("autovacuum worker|ERROR:  could not read block 7", "error"),
        ("checkpointer|WARNING:  could not remove file", "warning"),
        ("client backend|PANIC:  could not write to file", "error"),
        ("\tcontinued", "debug"),
    ],
)
def test_a_line_has_the_level_it_has_for_the_operator(line: str, level: str) -> None:
    assert level_of(line) == level


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["x|PANIC:  could not write: No space left on device"], "The disk that holds the database (/db) is full."),
        (["launch: cannot become user 65534: Operation not permitted"], "Muster runs as root but may not take on"),
        (
            ["LOG:  invalid value: x", 'FATAL:  configuration file "/db/postgresql.conf" contains errors'],
            "invalid value",
        ),
        (["a|LOG:  fine", "a|FATAL:  something new", "a|LOG:  bye"], "PostgreSQL does not start: something new"),
        ([], "it said nothing"),
    ],
)
def test_a_failure_is_one_line_with_the_way_out(lines: list[str], told: str) -> None:
    problem = explain(lines, Path("/db"))
    assert told in str(problem)
    assert problem.detail
    assert "\n" not in str(problem)


def test_settings_fit_the_major_version_and_survive_any_path() -> None:
    text = config.render_settings(Layout(HOME), 15, {"fsync": "off", "jit": "on"})
    assert "io_method" not in text
    assert "io_method = 'sync'" in config.render_settings(Layout(HOME), 18, {})
    assert "fsync = 'off'" in text
    assert "jit = 'off'" not in text
    assert "hba_file = '/srv/o''brien\\\\muster/pg_hba.conf'" in text
    assert text.rstrip().endswith("local.conf'"), "the operator has the last word in the file"


def test_only_peers_on_the_socket_get_in() -> None:
    rules = [line for line in config.render_hba().splitlines() if not line.startswith("#")]
    assert all(rule.startswith("local ") and " peer " in rule for rule in rules)
    flags = config.server_flags(Layout(HOME), Path("/run/m"))
    assert "listen_addresses=" in flags, "on the command line, where no file can override it"
    assert 'house "al ice" muster' in config.render_ident({"al ice"})


def test_a_socket_path_fits_the_kernel() -> None:
    assert sockets.fits(Path("/" + "a" * 92))
    assert not sockets.fits(Path("/" + "a" * 93))
    assert not sockets.fits(Path("/" + "ä" * 50))


def test_a_half_written_pid_file_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "postmaster.pid"
    assert pidfile.read(path) is None
    path.write_text("")
    assert pidfile.read(path) is None
    path.write_text("-12\n/db\n")
    assert pidfile.read(path) == pidfile.Postmaster(12, None, "")
    path.write_text("12\n/db\n1\n5432\n/run/m\n\n 1 2\nready   \n")
    found = pidfile.read(path)
    assert found is not None
    assert found.is_ready
    assert found.socket_dir == Path("/run/m")
