"""The one source of the present: code that needs `now` is handed a Clock, so that tests can move it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant. Implementations: the database's time in production, a movable one in tests."""

    def now(self) -> datetime:
        """The present as an aware UTC datetime."""
        ...
