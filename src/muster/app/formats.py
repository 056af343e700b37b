"""Gives intake the formats of `integrations/inbound`."""

from collections.abc import Sequence
from typing import Any

from muster.alerts.actions.intake import Raw
from muster.alerts.integration import Integration
from muster.alerts.port import Parsed, Request
from muster.integrations.inbound.alertmanager_fast import scan
from muster.integrations.inbound.registry import choose
from muster.kit.errors import Problem

PROMETHEUS_PATHS = frozenset({"/api/v2/alerts", "/api/v1/alerts"})


class InboundFormats:
    """Chooses the format by address, then by the integration, then by the body's shape."""

    def parse(self, integration: Integration, request: Request) -> Parsed:
        """Read a request or raise Malformed."""
        return choose(integration.format, request).parse(request, integration.options)

    def refusal(self, integration: Integration, request: Request, problem: Problem) -> Any:
        """The JSON body of a refusal in the words of the request's format."""
        return choose(integration.format, request).refusal(problem)

    def scan(self, integration: Integration, request: Request) -> Sequence[Raw] | None:
        """The alerts of a body of Prometheus, undecoded."""
        return scan(request.body) if request.path in PROMETHEUS_PATHS else None
