"""Messages into Microsoft Teams by a workflow's webhook ("Send webhook alerts to a channel" or "to a chat").

The workflow posts the Adaptive Card that it is sent and reports nothing back: Acknowledge opens the one-tap page. Body and
limits: https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook.
"""

from typing import Any

import msgspec

from muster.base.http import Http, ParsedUrl, Response, read_url
from muster.channels.http_receipts import deliver, never_raises, read_answer
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, Receipt, handed_over, refused
from muster.paging.wording import actions, shorten, shorten_bytes

_LARGEST = 28 * 1024
_LONGEST_BODY = 20_000
_MOST_ACTIONS = 6
_RETIRED = ("webhook.office.com", "outlook.office.com", "outlook.office365.com")
_COLOURS = {"critical": "Attention", "high": "Warning", "medium": "Accent"}
_MEANINGS = {
    "WorkflowNotFound": "the workflow was deleted",
    "WorkflowTriggerIsNotEnabled": "the workflow is turned off",
    "WorkflowTriggerNotFound": "the workflow has no such trigger any more",
    "DirectApiAuthorizationRequired": "the workflow lets only people of the organisation trigger it: choose Anyone",
    "DirectApiInvalidAuthorizationScheme": "the address is incomplete: copy it again, whole",
    "InvalidSasSignature": "the signature in the address is wrong: copy it again, whole",
    "MissingApiVersionParameter": "the address is incomplete: copy it again, whole",
    "TriggerInputSchemaMismatch": "the workflow expects another kind of message: make it from the template",
    "InvalidRequestContent": "the workflow could not read the message",
    "FlowSuspended": "the workflow was suspended: its owner may have left",
}


class TeamsChannel:
    """Posts to a workflow's URL, which is the secret."""

    kind = "teams"
    form = ContactForm(
        "Microsoft Teams",
        "Workflow webhook URL",
        "https://default00.00.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/xxxx",
    )
    capabilities = Capabilities(max_length=_LONGEST_BODY)

    def __init__(self, http: Http) -> None:
        self._http = http

    def check_address(self, address: str) -> Fault | None:
        """The URL's form; the connectors that Microsoft retired are named as such."""
        target = read_url(address)
        if isinstance(target, Fault):
            return target
        if any(target.host == host or target.host.endswith(f".{host}") for host in _RETIRED):
            rule = "Microsoft has retired the incoming webhooks (connectors) of Teams."
            return Fault("address", rule, "In Teams, make a workflow: Send webhook alerts to a channel.")
        return None

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check."""
        return None

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Post the message."""
        fault = self.check_address(address)
        target = read_url(address)
        if fault is not None or isinstance(target, Fault):
            return refused(f"{fault.rule} {fault.fix}" if fault else "This is no address.")
        return await deliver(self._http, target, _write(message), {"content-type": "application/json"}, _read)


def _write(message: Message) -> bytes:
    """The card, its body cut until all of it fits."""
    for longest in (_LONGEST_BODY, 8000, 3000, 500):
        body = _card(message, longest)
        if len(body) <= _LARGEST:
            break
    return body


def _card(message: Message, longest: int) -> bytes:
    head: dict[str, Any] = {
        "type": "TextRun",
        "text": shorten(message.subject, 300) or "Muster",
        "weight": "Bolder",
        "size": "Large",
        "color": _COLOURS.get(message.severity, "Default"),
    }
    paragraphs = [part for part in shorten_bytes(message.body, longest).split("\n") if part.strip()]
    # Rich text, not text blocks: those would read what an alert says as Markdown, links included.
    body = [_rich(head), *(_rich({"type": "TextRun", "text": part}) for part in paragraphs)]
    links = [link for link in actions(message) if link.url.startswith(("https://", "http://"))][:_MOST_ACTIONS]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": shorten(link.label, 60), "url": link.url} for link in links],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return msgspec.json.encode({"type": "message", "attachments": [attachment]})


def _rich(run: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [run]}


def _read(target: ParsedUrl, response: Response) -> Receipt:
    if 200 <= response.status < 300:
        return handed_over("The workflow took it; whether it posts is seen in Teams.")
    said = response.json()
    error = said.get("error") if isinstance(said, dict) else None
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    if response.status < 500 and response.status not in (408, 429) and code in _MEANINGS:
        return refused(f"Teams refused it: {_MEANINGS[code]} ({code}).")
    return read_answer(target, response)
