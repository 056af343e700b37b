"""What a job is, before and after a worker has taken it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


class LeaseLost(Exception):
    """The job was cancelled, or another worker has taken it over: its effects must not be written."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done at or after `run_at`. `(kind, key)` is unique among jobs that are not done: enqueueing twice is once.

    `payload` is JSON. Set `urgent` to have this process start it straight after the commit, with no look-up between.
    """

    kind: str
    key: str
    payload: dict[str, Any] = field(default_factory=dict)
    run_at: datetime | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job that a worker holds; `token` proves the hold, `attempts` counts from 1."""

    id: UUID
    kind: str
    key: str
    payload: dict[str, Any]
    run_at: datetime
    attempts: int
    token: int
