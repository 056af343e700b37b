"""What Slack tells of pressed buttons and direct messages. Pure."""

from typing import Any

from muster.channels.chat import LONGEST_TEXT, VERBS, Pressed, Wrote, part_of, text_of, uuid_of


def read_slack_action(payload: Any) -> Pressed | None:
    """What a `block_actions` payload says; None for what is none of ours, such as a pressed link."""
    if not isinstance(payload, dict) or payload.get("type") != "block_actions":
        return None
    actions = payload.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    delivery, verb = uuid_of(action.get("value")), VERBS.get(str(action.get("action_id", "")))
    who = text_of(part_of(payload, "user").get("id"))
    if delivery is None or verb is None or not who:
        return None
    return Pressed(delivery, verb, who, text_of(payload.get("response_url")))


def read_slack_event(payload: Any) -> Wrote | None:
    """A direct message to the app; None for everything else, above all for what bots wrote, ours included."""
    event = part_of(payload, "event") if isinstance(payload, dict) else {}
    if (
        event.get("type") != "message"
        or event.get("channel_type") != "im"
        or event.get("bot_id")
        or event.get("subtype")
    ):
        return None
    who, back = text_of(event.get("user")), text_of(event.get("channel"))
    return Wrote(text_of(event.get("text"))[:LONGEST_TEXT], who, back) if who and back else None
