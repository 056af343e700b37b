"""All formats as the intake uses them: chosen for each request, with the quick look for re-sent Prometheus alerts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from muster.alerts.integration import Integration
from muster.alerts.integration_draft import FormatForm, FormatStep
from muster.alerts.port import Parsed, Request, Unaddressed
from muster.inbound.alertmanager_fast import RawAlert, scan
from muster.inbound.body import opened
from muster.inbound.email.format import NAME as MAIL
from muster.inbound.email.format import is_mail, mail_options
from muster.inbound.event_grid import validation
from muster.inbound.registry import FORMATS, choose, named_by_path
from muster.inbound.vendor import Vendor
from muster.kit.errors import Fault, Malformed, Problem

_POSTED = frozenset(FORMATS["alertmanager"].paths)
_ADDRESSES = (
    "the integration's address itself, or below it to /api/v2/alerts (Prometheus), /v2/enqueue (PagerDuty), "
    "/v2/alerts (Opsgenie), /heartbeat/NAME, or /FORMAT with a format's name, as /grafana"
)


class InboundFormats:
    """Implements what `alerts` asks of the formats."""

    def parse(self, integration: Integration, request: Request) -> Parsed:
        """Read a request.

        Raises:
            Malformed: with every fault, where nothing of it can be used; Unaddressed where nothing is read at its address.
        """
        self.see_address(request.path)
        if is_mail(request):
            return FORMATS[MAIL].parse(request, mail_options(integration.format, integration.options))
        plain = opened(request)
        asked = validation(plain)
        options = integration.options
        if integration.format != MAIL and MAIL in options:
            options = {name: value for name, value in options.items() if name != MAIL}
        return asked if asked is not None else choose(integration.format, plain, options).parse(plain, options)

    def see_address(self, path: str) -> None:
        """See that signals are taken at a path below an integration's key: its own address, or one of a format.

        Raises:
            Unaddressed: in words that name the addresses.
        """
        if path.strip("/") and not named_by_path(path):
            fault = Fault("path", f"`{path:.100}` is no address of any format.", f"Send to {_ADDRESSES}.")
            raise Unaddressed("This address takes no signals.", faults=[fault])

    def refusal(self, integration: Integration, request: Request, problem: Problem) -> Any:
        """The JSON body of a refusal in the words of the request's format."""
        try:
            return choose(integration.format, opened(request), integration.options).refusal(problem)
        except Malformed:
            return choose(integration.format, request, integration.options).refusal(problem)

    def scan(self, path: str, body: bytes) -> Sequence[RawAlert] | None:
        """The alerts of a body that Prometheus posted, without decoding them; None for any other request."""
        return scan(body) if path in _POSTED else None


def forms() -> dict[str, FormatForm]:
    """What settings know of each format, by its name."""
    found = {}
    for name, adapter in FORMATS.items():
        sample = adapter.sample()
        plain = FormatForm(
            name, adapter.title, sample.path, sample.body, sample.headers, adapter.option_faults, sample.recovery
        )
        found[name] = _told(plain, adapter) if isinstance(adapter, Vendor) else plain
    return found


def _told(form: FormatForm, vendor: Vendor) -> FormatForm:
    proof = vendor.proof
    return replace(
        form,
        recovery=vendor.recovery.encode(),
        family=vendor.family,
        steps=tuple(FormatStep(step.text, step.name, step.code) for step in vendor.steps),
        secret=proof.name if proof else "",
        secret_hint=proof.hint if proof else "",
    )
