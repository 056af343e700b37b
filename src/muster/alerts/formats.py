"""What features above make for this one: the formats of requests, and addresses that take alerts by mail."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from muster.alerts.integration_draft import Forms
from muster.alerts.port import Parser


@dataclass(frozen=True, slots=True)
class Formats:
    """`forms` is what settings know of each format, `parser` reads requests."""

    forms: Forms
    parser: Parser


@dataclass(frozen=True, slots=True)
class MailAddresses:
    """Where integrations take alerts by mail: `of` takes an integration's id and the digest of its key."""

    of: Callable[[UUID, bytes], str]
