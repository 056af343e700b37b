"""Remembers on the local disk which keys belonged to an integration when the database was last seen.

Only digests are kept. While the database is away, also after a restart, a key that is not among them is refused instead of
filling the spool.
"""

from collections.abc import Collection
from pathlib import Path

import msgspec
import structlog

from muster.alerts.actions.spool_findings import sync_folder, write_durably
from muster.alerts.integration import key_digest

log = structlog.get_logger("muster.intake")


class KnownKeys:
    """The file `known-keys.json` in the spool's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "known-keys.json"
        self._digests = self._read()

    def knows(self, key: str) -> bool | None:
        """Whether the key was an active integration's; None where no list was ever written here."""
        return None if self._digests is None else key_digest(key).hex() in self._digests

    def replace(self, digests: Collection[bytes]) -> None:
        """These are all that are active now; a list that says so already is left alone."""
        fresh = frozenset(digest.hex() for digest in digests)
        if fresh == self._digests:
            return
        self._digests = fresh
        growing = self._path.with_suffix(".new")
        try:
            write_durably(growing, msgspec.json.encode({"sha256": sorted(fresh)}))
            growing.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            log.warning("intake.keys_not_kept", file=str(self._path), error=str(error))

    def _read(self) -> frozenset[str] | None:
        try:
            return frozenset(msgspec.json.decode(self._path.read_bytes(), type=dict[str, list[str]])["sha256"])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, KeyError):
            return None
