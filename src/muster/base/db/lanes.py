"""Who takes which connections, and for how long: nobody in front of the door can take those of the intake or of paging."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Lane(StrEnum):
    """What a connection is for. Each lane has its own."""

    VISITORS = "visitors"
    """Requests of people and programs."""
    INTAKE = "intake"
    """Alerts and heartbeats."""
    WORK = "work"
    """Paging, clocks, everything that the queue runs, and the look at Muster's own health."""


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds, how long one may wait for a connection, a statement run, a lock be waited for, and a transaction idle.

    The last two also end what a node holds that hangs or was cut off, so that others go on. Zero is without limit.
    """

    acquire: float = 30
    statement: float = 60
    lock: float = 30
    idle: float = 10

    @property
    def patience(self) -> float | None:
        """How long Muster waits for an answer before it gives the connection up: longer than a server that lives takes."""
        return self.statement + 5 if self.statement else None

    def settings(self) -> dict[str, str]:
        """The limits as PostgreSQL's own settings."""
        return {
            "statement_timeout": f"{self.statement * 1000:.0f}",
            "lock_timeout": f"{self.lock * 1000:.0f}",
            "idle_in_transaction_session_timeout": f"{self.idle * 1000:.0f}",
        }


LIMITS: Mapping[Lane, Limits] = {
    Lane.VISITORS: Limits(acquire=5, statement=15, lock=10, idle=30),
    Lane.INTAKE: Limits(acquire=2, statement=60, lock=2, idle=5),
    Lane.WORK: Limits(),
}
LONG = 600.0
"""How many seconds a unit may take that asks for more time."""


def shares(size: int) -> dict[Lane, int]:
    """How many of a node's connections each lane has: a quarter for the intake, a quarter for work, the rest for visitors."""
    quarter = max(1, size // 4)
    return {Lane.INTAKE: quarter, Lane.WORK: quarter, Lane.VISITORS: max(1, size - 2 * quarter)}
