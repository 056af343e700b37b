"""Settings of ntfy."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class NtfySettings:
    """The server that gets a token, and the topic that is watched."""

    ntfy_server: str = setting("https://ntfy.sh", "The ntfy server that gets the access token; no other does.")
    ntfy_token: str = setting("", "The access token for protected ntfy topics.", secret=True)
    ntfy_watch_topic: str = setting(
        "", "A topic of that server through which Muster watches its own way to ntfy; empty: it is not watched."
    )


SETTINGS = (NtfySettings,)
