"""Settings of paging."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class HeartbeatSettings:
    """Whom Muster tells that it is well."""

    heartbeat_url: str = setting(
        "", "An outside address that Muster calls while it is well; empty: none. It holds a key.", secret=True
    )
    heartbeat_every: int = setting(60, "Seconds between calls of that address.")
