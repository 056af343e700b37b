"""Signed addresses below /callbacks, for providers and browsers that sign nothing themselves.

An address says which delivery it is about and what it does, until it expires; whoever holds it holds the message.
"""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_bytes
from uuid import UUID

from muster.base.secrets import Secrets
from muster.kit.clock import Clock
from muster.kit.signing import NONCE_BYTES, Rejection, sign, verify

LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CallbackSubject:
    """What a signed address is about; `verb` is empty where the place says it all."""

    delivery_id: UUID
    verb: str


class CallbackLinks:
    """Makes and reads addresses of this installation; `place` is the part after /callbacks/, such as `mattermost`."""

    def __init__(self, base_url: str, secrets: Secrets, clock: Clock) -> None:
        self._base, self._key, self._clock = base_url, secrets.derive("callbacks"), clock

    def url(self, place: str, delivery_id: UUID, verb: str = "") -> str:
        """An address for one delivery."""
        until = self._clock.now() + LIFE
        token = sign(self._key, f"callback:{place}", f"{delivery_id}/{verb}", until, token_bytes(NONCE_BYTES))
        return f"{self._base}/callbacks/{place}/{token}"

    def read(self, place: str, token: str) -> CallbackSubject | Rejection:
        """What a token says, or why it does not count."""
        read = verify(self._key, f"callback:{place}", token, self._clock.now())
        if isinstance(read, Rejection):
            return read
        delivery, _, verb = read.subject.partition("/")
        return CallbackSubject(UUID(delivery), verb)
