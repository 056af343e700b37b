"""What intake hands to a format and gets back; the formats themselves stand in `integrations/inbound`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from muster.alerts.integration import Integration
from muster.alerts.signal import Signal
from muster.changes.change import Change
from muster.kit.errors import Fault, Malformed, Problem
from muster.kit.masking import secret_name

KEPT_HEADERS = frozenset({"content-type", "user-agent", "sentry-hook-resource", "x-github-event", "x-gitlab-event"})
"""What a stored request keeps of its headers, beside CloudEvents' attributes: enough to read it again, and no credential."""


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request that may be stored, whatever became of it."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return {
        name: value
        for name, value in lowered.items()
        if name in KEPT_HEADERS or (name.startswith("ce-") and not secret_name(name))
    }


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent to an integration; `path` is what follows the integration's key, such as `/api/v2/alerts`."""

    path: str
    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime

    def header(self, name: str) -> str:
        """A header's value whatever its capitals, empty where it was not sent."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a request says, and the answer that its sender's format expects.

    `warnings` are oddities that lost nothing needed. `faults` are set where a batch was refused in part: the signals are
    to be kept all the same, and `status` is then the format's refusal (Alertmanager answers 400 and keeps the valid
    alerts). `reply` is JSON to send back; None is an empty body. `confirmation` is the message by which a sender asks whether
    it may send here at all; a job answers it. `request_id` is the name by which the sender may ask later what became of it.
    """

    signals: tuple[Signal, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[Fault, ...] = ()
    status: int = 200
    reply: Any = None
    faults: tuple[Fault, ...] = ()
    confirmation: Mapping[str, str] | None = None
    request_id: str = ""


class Unaddressed(Malformed):
    """Nothing takes signals at the address to which a request was sent."""

    status, kind = 404, "missing"


class Parser(Protocol):
    """What reads requests: the formats of `integrations/inbound`, chosen for each request."""

    def parse(self, integration: Integration, request: Request) -> Parsed:
        """Read a request or raise Malformed."""
        ...

    def see_address(self, path: str) -> None:
        """See that signals are taken at a path below an integration's key; else raise Unaddressed."""
        ...


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a request may not be its sender's. A `forged` one is refused; any other may wake people, but end nothing."""

    reason: Fault
    forged: bool


class Unproven(Problem):
    """Whether a request is its sender's cannot be told just now, and it would end or change something: to be sent again."""

    status, kind = 503, "unproven"


class SenderCheck(Protocol):
    """What sees whether requests are their senders' own, where their integration asks for that."""

    def asks(self, integration: Integration) -> bool:
        """Whether there is anything to see to; most integrations trust whoever has their key."""
        ...

    async def doubt(self, integration: Integration, request: Request) -> Doubt | None:
        """What is wrong with a request; None where it is its sender's."""
        ...
