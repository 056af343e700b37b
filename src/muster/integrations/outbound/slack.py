"""Messages into a Slack channel by incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks)."""

import msgspec

from muster.base.http import Http, Response, Target, read_url
from muster.integrations.outbound.answers import deliver, never_raises, read_answer
from muster.kit.errors import Fault
from muster.kit.link import Link
from muster.paging.channel import Capabilities, Form, Message, Receipt, handed_over, refused
from muster.paging.wording import actions, shorten

_LONGEST_HEADER, _LONGEST_SECTION, _LONGEST_LABEL, _LONGEST_LINK = 150, 3000, 75, 3000
_MOST_BUTTONS = 5
_MEANINGS = {
    "invalid_payload": "Slack could not read the message",
    "invalid_blocks": "Slack could not read the message",
    "no_text": "Slack found the message empty",
    "user_not_found": "the person whom the webhook writes to does not exist any more",
    "channel_not_found": "the channel of this webhook does not exist any more",
    "channel_is_archived": "the channel of this webhook is archived",
    "action_prohibited": "an administrator of the workspace restricts this webhook",
    "posting_to_general_channel_denied": "the workspace does not let webhooks post to its general channel",
    "no_active_hooks": "the webhook is disabled",
    "no_service": "the webhook was disabled or removed",
    "no_service_id": "the webhook's address is incomplete",
    "no_team": "the workspace does not exist any more",
    "team_disabled": "the workspace is disabled",
    "invalid_token": "the webhook's address is wrong or was revoked",
}


class SlackChannel:
    """Posts to an incoming webhook, whose URL is the secret."""

    kind = "slack"
    form = Form("Slack", "Incoming webhook URL", "https://hooks.slack.com/services/T000/B000/XXXX")
    capabilities = Capabilities(max_length=_LONGEST_SECTION)

    def __init__(self, http: Http) -> None:
        self._http = http

    def check_address(self, address: str) -> Fault | None:
        """The URL's form."""
        target = read_url(address)
        if isinstance(target, Fault):
            return target
        if target.host.endswith("slack.com") and not target.path.startswith("/services/"):
            return Fault("address", "This is not an incoming webhook of Slack.", f"It looks like {self.form.example}.")
        return None

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check."""
        return None

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Post the message."""
        target = read_url(address)
        if isinstance(target, Fault):
            return refused(f"{target.rule} {target.fix}")
        return await deliver(self._http, target, _write(message), {"content-type": "application/json"}, _read)


def _write(message: Message) -> bytes:
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": {"type": "plain_text", "text": shorten(message.subject, _LONGEST_HEADER)}}
    ]
    if message.body:
        section = {"type": "mrkdwn", "text": _section(message.body)}
        blocks.append({"type": "section", "text": section})
    buttons = [_button(link, message) for link in actions(message) if len(link.url) <= _LONGEST_LINK]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons[:_MOST_BUTTONS]})
    text = _escape(message.subject)
    return msgspec.json.encode({"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False})


def _button(link: Link, message: Message) -> dict[str, object]:
    label = {"type": "plain_text", "text": shorten(link.label, _LONGEST_LABEL)}
    button: dict[str, object] = {"type": "button", "text": label, "url": link.url}
    return {**button, "style": "primary"} if link.url == message.acknowledge_url else button


def _section(body: str) -> str:
    """The body escaped, cut before escaping so that no escape is cut in two."""
    while len(text := _escape(body)) > _LONGEST_SECTION:
        body = shorten(body, len(body) - max(len(text) - _LONGEST_SECTION, 1))
    return text


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _read(target: Target, response: Response) -> Receipt:
    said = response.text(100)
    if response.status == 200:
        return handed_over("Slack posted it.")
    if 400 <= response.status < 500 and said in _MEANINGS:
        return refused(f"Slack refused it: {_MEANINGS[said]} ({said}).")
    return read_answer(target, response)
