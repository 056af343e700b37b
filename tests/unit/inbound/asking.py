"""Requests for the formats' tests, as a sender would make them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from muster.alerts.port import Parsed, Request
from muster.alerts.signal import Signal
from muster.inbound.registry import FORMATS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
JSON = "application/json"


def request(body: Any, path: str = "", kind: str = JSON, **headers: str) -> Request:
    """A POST of `body`: bytes as they are, everything else as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(path, "POST", {"Content-Type": kind, **named}, {}, sent, NOW)


def parse(format_name: str, body: Any, path: str = "", options: Mapping[str, Any] | None = None) -> Parsed:
    """What a format makes of a body."""
    return FORMATS[format_name].parse(request(body, path), options or {})


def one(format_name: str, body: Any, path: str = "", options: Mapping[str, Any] | None = None) -> Signal:
    """The only signal that a format makes of a body."""
    (signal,) = parse(format_name, body, path, options).signals
    return signal
