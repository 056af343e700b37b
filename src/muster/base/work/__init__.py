"""The leased queue in PostgreSQL: at least once, fenced, cancelled with the change that makes it moot."""

from muster.base.work.job import Job, LeaseLost, QueuedJob
from muster.base.work.queue import cancel, enqueue
from muster.base.work.runner import Leased, Runner, when_it_is_there

__all__ = ["Job", "LeaseLost", "Leased", "QueuedJob", "Runner", "cancel", "enqueue", "when_it_is_there"]
