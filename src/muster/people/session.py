"""A signed-in browser: how long it stays so, and the token that proves that a form came from its own page (pure)."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

IDLE = timedelta(days=3)
LONGEST = timedelta(days=30)
AWAITING = timedelta(minutes=10)
"""So long a sign-in waits for its second step."""

SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser, as its owner may see and end it."""

    id: UUID
    person_id: UUID
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    host_bound: bool = False
    proven_at: datetime | None = None
    awaits_factor: bool = False

    def alive(self, now: datetime) -> bool:
        """Neither unused for too long nor too old."""
        return now < self.expires_at and now - self.last_seen_at < IDLE

    def seen_is_stale(self, now: datetime) -> bool:
        """Whether the last sight is old enough to be worth a write."""
        return now - self.last_seen_at >= SEEN_EVERY

    @property
    def device(self) -> str:
        """The browser and system in a few words, from what it says of itself."""
        browser = next((name for sign, name in _BROWSERS if sign in self.user_agent), "a browser")
        system = next((name for sign, name in _SYSTEMS if sign in self.user_agent), "")
        return f"{browser} on {system}" if system else browser


def csrf_of(cookie: str) -> str:
    """The token that unsafe requests of the cookie's bearer must bring back; whoever knows it does not know the cookie."""
    return hmac.digest(cookie.encode("utf-8", "surrogateescape"), b"muster csrf v1", hashlib.sha256).hex()


_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip
