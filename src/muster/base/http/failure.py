"""Why a request got no answer, told so that neither a secret path nor a stack trace reaches a person."""

from enum import StrEnum


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
    """No answer; the message is a sentence that names the host but never the rest of the address."""

    def __init__(self, kind: Failure, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind

    @property
    def permanent(self) -> bool:
        """Whether trying the same again is pointless."""
        return self.kind in PERMANENT
