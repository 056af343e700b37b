"""The embedded PostgreSQL: Muster's own server on a Unix socket, so that one command is a whole installation."""

from muster.base.postgres.doctor import Finding, describe
from muster.base.postgres.leftover import stop_leftover
from muster.base.postgres.running import Starting, running_args
from muster.base.postgres.supervisor import EmbeddedPostgres, ServerState

__all__ = ["EmbeddedPostgres", "Finding", "ServerState", "Starting", "describe", "running_args", "stop_leftover"]
