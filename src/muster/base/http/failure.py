"""Why a request got no answer, told so that neither a secret path nor a stack trace reaches a person."""

from enum import StrEnum

from muster.base.http.wire import Response


class Failure(StrEnum):
    """The kinds of failure; those of `PERMANENT` do not go away by trying again."""

    BAD_ADDRESS = "bad address"
    FORBIDDEN = "forbidden address"
    UNKNOWN_HOST = "unknown host"
    NO_CONNECTION = "no connection"
    TLS = "no trusted TLS connection"
    TIMEOUT = "no answer in time"
    BROKEN = "broken answer"


PERMANENT = frozenset({Failure.BAD_ADDRESS, Failure.FORBIDDEN})


class Unreachable(Exception):
    """No whole answer; the message is a sentence that names the host but never the rest of the address.

    `answer` is what had come of it, where that was at least its status and headers.
    """

    def __init__(self, kind: Failure, sentence: str, answer: Response | None = None) -> None:
        super().__init__(sentence)
        self.kind, self.answer = kind, answer

    @property
    def permanent(self) -> bool:
        """Whether trying the same again is pointless."""
        return self.kind in PERMANENT
