"""Slack as an app meets it: the Web API, incoming webhooks and response URLs, strict about Block Kit; and Slack's own requests.

`async with Slack() as slack`: `slack.api` is the Web API; `slack.posts` are the messages as they stand, by channel and ts;
`slack.whispers` what was said to response URLs. `slack.errors["U0GONE"]` is the error for a channel.
"""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from tests.doubles.http_sink import Answer, HttpSink, Received, Reply

TOKEN, SECRET = "xoxb-1234-test", "8f742231b10e8888abcd99yyyzzz85a5"
LIMITS = {"header": 150, "section": 3000}


def well_formed(body: dict[str, Any]) -> str:
    """The error that Slack has for a message, or nothing."""
    if not body.get("text"):
        return "no_text"
    blocks = body.get("blocks", [])
    if len(blocks) > 50:
        return "invalid_blocks"
    return next((error for error in map(_block, blocks) if error), "")


def _block(block: dict[str, Any]) -> str:
    if block["type"] in LIMITS:
        text = block["text"]
        plain = {"header": "plain_text", "section": "mrkdwn"}[block["type"]]
        if text["type"] != plain or not 1 <= len(text["text"]) <= LIMITS[block["type"]]:
            return "invalid_blocks"
        return "invalid_blocks" if plain == "mrkdwn" and ("<" in text["text"] or ">" in text["text"]) else ""
    if block["type"] != "actions" or not 1 <= len(block["elements"]) <= 25:
        return "invalid_blocks"
    ids = [each.get("action_id") for each in block["elements"]]
    return "invalid_blocks" if len(set(ids)) != len(ids) or not all(map(_button, block["elements"])) else ""


def _button(element: dict[str, Any]) -> bool:
    label = element["text"]
    known = {"type", "text", "url", "action_id", "value", "style"}
    return (
        element["type"] == "button"
        and set(element) <= known
        and label["type"] == "plain_text"
        and 1 <= len(label["text"]) <= 75
        and len(element.get("url", "")) <= 3000
        and len(element.get("value", "")) <= 2000
        and 1 <= len(element["action_id"]) <= 255
        and element.get("style", "primary") in ("primary", "danger")
    )


class Slack(HttpSink):
    """A workspace."""

    def __init__(self) -> None:
        super().__init__(self._take)
        self.posts: dict[tuple[str, str], dict[str, Any]] = {}
        self.whispers: list[dict[str, Any]] = []
        self.errors: dict[str, str] = {}

    @property
    def api(self) -> str:
        """The Web API's address."""
        return f"{self.url}/api"

    def _take(self, request: Received) -> Answer:
        if request.path.startswith("/api/response/"):
            self.whispers.append(request.json)
            return Reply(200, b"ok")
        method = request.path.removeprefix("/api/")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _say(ok=False, error="invalid_auth")
        if method == "auth.test":
            return _say(ok=True, team="Contoso", user="muster", user_id="U0BOT")
        if request.headers["content-type"] != "application/json; charset=utf-8":
            return _say(ok=False, error="invalid_post_type")
        body = request.json
        error = self.errors.get(body["channel"]) or well_formed(body)
        if error:
            return _say(ok=False, error=error)
        if method == "chat.update":
            if (body["channel"], body["ts"]) not in self.posts:
                return _say(ok=False, error="message_not_found")
            self.posts[body["channel"], body["ts"]] = body
            return _say(ok=True, channel=body["channel"], ts=body["ts"])
        channel = f"D{body['channel'][1:]}" if body["channel"].startswith(("U", "W")) else body["channel"]
        stamp = f"1772442000.{len(self.posts):06}"
        self.posts[channel, stamp] = body
        return _say(ok=True, channel=channel, ts=stamp, message={"text": body["text"]})

    def press(self, post: dict[str, Any], action: str, user: str) -> tuple[bytes, str]:
        """The body that Slack sends when somebody presses a button, and its content type."""
        [element] = [
            each
            for block in post["blocks"]
            if block["type"] == "actions"
            for each in block["elements"]
            if each["action_id"] == action
        ]
        payload = {
            "type": "block_actions",
            "user": {"id": user, "username": user.lower(), "team_id": "T0"},
            "api_app_id": "A0",
            "trigger_id": "12.34.abc",
            "response_url": f"{self.url}/api/response/T0/1/xyz",
            "actions": [{**element, "block_id": "b", "action_ts": "1772442001.1"}],
        }
        return urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"


def write(user: str, text: str, event_id: str = "Ev1", **more: Any) -> bytes:
    """The event of a direct message to the app."""
    channel = f"D{user[1:]}"
    event = {
        "type": "message",
        "channel": channel,
        "user": user,
        "text": text,
        "channel_type": "im",
        "ts": "1.1",
        **more,
    }
    return json.dumps({"type": "event_callback", "event_id": event_id, "team_id": "T0", "event": event}).encode()


def sign(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    """Slack's signature headers: v0, HMAC-SHA256 of `v0:timestamp:body`."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


def _say(**content: Any) -> Reply:
    return Reply(200, json.dumps(content).encode(), {"content-type": "application/json"})
