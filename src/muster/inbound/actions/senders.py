"""Whether requests are their senders' own: secrets and signatures of an integration's format, and subscriptions of SNS.

Certificates are fetched with the guarded client, kept, and only from Amazon's hosts. Where one cannot be fetched, a message
may still wake somebody; it ends nothing.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from muster.alerts.actions.integrations import existing, stream
from muster.alerts.integration import Integration, secret_row
from muster.alerts.port import Doubt, Request
from muster.base.http.failure import Unreachable
from muster.base.http.wire import Response
from muster.base.secrets import Secrets
from muster.base.unit import Unit
from muster.base.work import Leased
from muster.inbound.events import SUBSCRIPTION_CONFIRMED, SUBSCRIPTION_REFUSED
from muster.inbound.json_body import load_json
from muster.inbound.registry import FORMATS
from muster.inbound.text import compact
from muster.inbound.vendor import Vendor
from muster.inbound.vendors.cloudwatch_sns import CLOUDWATCH_SNS, CONFIRMATION
from muster.inbound.vendors.sns_signature import (
    ENVELOPE,
    certificate_fault,
    signature_fault,
    subscribe_fault,
)
from muster.kit.errors import Fault, Malformed, Missing
from muster.ledger.actions import record
from muster.ledger.event import Event

PATIENCE = 5.0
"""So many seconds a sender is kept waiting for a certificate."""
MOST_CERTIFICATES = 32
MOST_ATTEMPTS = 5
_NOT_SIGNED = Fault(
    "", "It carries no signature of Amazon SNS.", "Switch raw message delivery off, or set the option signature to off."
)


class Fetches(Protocol):
    """What the HTTP client does for this."""

    async def request(self, method: str, url: str) -> Response:
        """Send a request; raises Unreachable."""
        ...


class Senders:
    """One for each process. `fetch` is the guarded HTTP client."""

    def __init__(self, secrets: Secrets, fetch: Fetches) -> None:
        self._secrets, self._fetch = secrets, fetch
        self._certificates: dict[str, bytes] = {}

    def asks(self, integration: Integration) -> bool:
        """Whether the integration has a secret, or its format signatures."""
        return bool(integration.secret_sealed) or integration.format == CLOUDWATCH_SNS.name

    async def doubt(self, integration: Integration, request: Request) -> Doubt | None:
        """What is wrong with a request. The integration's own format says what to look at, whatever address was used."""
        if integration.format == CLOUDWATCH_SNS.name:
            return await self._sns_doubt(integration.options, request)
        adapter = FORMATS.get(integration.format)
        proof = adapter.proof if isinstance(adapter, Vendor) else None
        if proof is None or not integration.secret_sealed:
            return None
        secret = self._secrets.open(integration.secret_sealed, secret_row(integration.id))
        fault = proof.fault(request, secret)
        return Doubt(fault, forged=True) if fault else None

    def answer(self, integration: Integration, query: Mapping[str, str]) -> Any:
        """What to reply to a question by which a vendor makes sure whose the address is; None where it asks none."""
        adapter = FORMATS.get(integration.format)
        if not isinstance(adapter, Vendor) or adapter.answer is None or not integration.secret_sealed:
            return None
        return adapter.answer(query, self._secrets.open(integration.secret_sealed, secret_row(integration.id)))

    async def confirm(self, leased: Leased) -> None:
        """Answer a subscription that asks to be confirmed, if Amazon signed it; what came of it goes to the ledger."""
        message = {str(name): str(value) for name, value in leased.job.payload.get("message", {}).items()}
        fault = certificate_fault(message) or subscribe_fault(message)
        if fault is None:
            certificate = await self._certificate(message["SigningCertURL"])
            if certificate is None:
                await self._again(leased, message, "The certificate of Amazon SNS could not be fetched.")
                return
            fault = signature_fault(message, certificate)
        if fault is None:
            trouble = await self._confirmed(message["SubscribeURL"])
            if trouble:
                await self._again(leased, message, trouble)
                return
        async with leased.finish() as unit:
            await _told(unit, leased.job.payload, message, fault.sentence() if fault else "")

    async def _sns_doubt(self, options: Mapping[str, Any], request: Request) -> Doubt | None:
        message = _envelope(request)
        topics = options.get("topics")
        if isinstance(topics, list) and message.get("TopicArn") not in topics:
            fault = Fault("TopicArn", "The topic is not among the option `topics`.", "Add it, or unsubscribe.")
            return Doubt(fault, forged=True)
        if options.get("signature") == "off" or message.get("Type") == CONFIRMATION:
            return None
        if not {"Signature", "SigningCertURL"} & message.keys():
            return Doubt(_NOT_SIGNED, forged=False)
        misplaced = certificate_fault(message)
        if misplaced is not None:
            return Doubt(misplaced, forged=True)
        certificate = await self._certificate(message["SigningCertURL"])
        if certificate is None:
            reason = "The certificate could not be fetched, so that the signature was not checked."
            return Doubt(Fault("SigningCertURL", reason, "See that Muster reaches Amazon's hosts."), forged=False)
        unsigned = signature_fault(message, certificate)
        return Doubt(unsigned, forged=True) if unsigned else None

    async def _certificate(self, address: str) -> bytes | None:
        if address in self._certificates:
            return self._certificates[address]
        try:
            async with asyncio.timeout(PATIENCE):
                response = await self._fetch.request("GET", address)
        except (Unreachable, TimeoutError):
            return None
        if response.status != 200:
            return None
        if len(self._certificates) >= MOST_CERTIFICATES:
            self._certificates.clear()
        self._certificates[address] = response.body
        return response.body

    async def _confirmed(self, address: str) -> str:
        """Confirm at Amazon; returns what went wrong, empty where nothing did."""
        try:
            response = await self._fetch.request("GET", address)
        except Unreachable as failure:
            return str(failure)
        return "" if response.status == 200 else f"Amazon SNS answered with {response.status}."

    async def _again(self, leased: Leased, message: Mapping[str, str], trouble: str) -> None:
        if leased.job.attempts < MOST_ATTEMPTS:
            await leased.retry(timedelta(seconds=15 * leased.job.attempts), trouble)
            return
        async with leased.finish() as unit:
            await _told(unit, leased.job.payload, message, trouble)


def _envelope(request: Request) -> dict[str, str]:
    try:
        document = load_json(request.body)
    except Malformed:
        return {}
    found = document if isinstance(document, dict) else {}
    return {name: compact(found[name]) for name in ENVELOPE if found.get(name) is not None}


async def _told(unit: Unit, payload: Mapping[str, Any], message: Mapping[str, str], refusal: str) -> None:
    try:
        integration = await existing(unit, str(payload.get("integration", "")))
    except Missing:
        return
    data = {"name": integration.name, "topic": message.get("TopicArn", "")}
    kind = SUBSCRIPTION_REFUSED if refusal else SUBSCRIPTION_CONFIRMED
    await record(unit, Event(stream(integration), kind, data, refusal))
    unit.publish("integrations.malformed")
