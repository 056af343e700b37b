"""A message in Slack's Block Kit, within its limits (https://docs.slack.dev/reference/block-kit/blocks). Pure but for its place."""

from typing import Any

import msgspec

from muster.channels.abilities import ACKNOWLEDGE, verbs
from muster.channels.slack.text import literal
from muster.kit.link import Link
from muster.paging.channel import Message
from muster.paging.wording import actions, shorten

LONGEST_HEADER, LONGEST_SECTION, LONGEST_LABEL, LONGEST_LINK = 150, 3000, 75, 3000
MOST_BUTTONS = 5


def write(message: Message, *, answerable: bool = False, **more: Any) -> bytes:
    """The JSON of a message; `answerable` makes the answers buttons that Slack reports instead of links, `more` goes beside."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": shorten(message.subject, LONGEST_HEADER)}}
    ]
    if message.body:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": _section(message.body), "verbatim": True}})
    if buttons := _buttons(message, answerable=answerable):
        blocks.append({"type": "actions", "elements": buttons[:MOST_BUTTONS]})
    content = {"text": literal(message.subject), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}
    return msgspec.json.encode({**content, **more})


def _buttons(message: Message, *, answerable: bool) -> list[dict[str, Any]]:
    links = [link for link in actions(message) if len(link.url) <= LONGEST_LINK]
    if not answerable or not message.acknowledge_url:
        return [_link(link, message, number) for number, link in enumerate(links)]
    answers = [_answer(verb, label, message) for verb, label in verbs(message).items()]
    others = [link for link in links if link.url != message.acknowledge_url]
    return [*answers, *(_link(link, message, number) for number, link in enumerate(others))]


def _answer(verb: str, label: str, message: Message) -> dict[str, Any]:
    button = {"type": "button", "text": _label(label), "action_id": verb, "value": str(message.delivery_id)}
    return {**button, "style": "primary"} if verb == ACKNOWLEDGE else button


def _link(link: Link, message: Message, number: int) -> dict[str, Any]:
    button = {"type": "button", "text": _label(link.label), "url": link.url, "action_id": f"open_{number}"}
    return {**button, "style": "primary"} if link.url == message.acknowledge_url else button


def _label(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": shorten(text, LONGEST_LABEL)}


def _section(body: str) -> str:
    """The body escaped, cut before escaping so that no escape is cut in two."""
    while len(text := literal(body)) > LONGEST_SECTION:
        body = shorten(body, len(body) - max(len(text) - LONGEST_SECTION, 1))
    return text
