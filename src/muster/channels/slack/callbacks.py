"""Slack's interactivity and events, believed by the app's signing secret.

https://docs.slack.dev/authentication/verifying-requests-from-slack; buttons: …/interactivity/handling-user-interaction;
direct messages: …/apis/events-api.
"""

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs

import msgspec
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.base.web.services import services_of
from muster.channels.actions.chat_answers import heard, press, say
from muster.channels.callback_parts import callback_router, refuse, same
from muster.channels.slack.payload import read_slack_action, read_slack_event
from muster.channels.slack.settings import SlackSettings
from muster.paging.actions.message_answers import answer
from muster.paging.answer import Said

CHANNEL = "slack"
WINDOW = 300
"""Seconds by which a request's timestamp may differ from our clock."""

WHY = "Slack signs each request with the app's signing secret."
router = callback_router("slack")


@router.post("/actions")
@public(WHY)
async def on_action(unit: Uses, request: Request) -> Response:
    """Somebody pressed a button in a message of the app's."""
    body = await request.body()
    if (refusal := _judge(request, body, unit.now.timestamp())) is not None:
        return refusal
    forms = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20).get("payload", [""])
    pressed = read_slack_action(_json(forms[0].encode()))
    if pressed is not None and not await heard(unit, CHANNEL, request.headers["x-slack-signature"]):
        await say(unit, CHANNEL, pressed.back, await press(unit, CHANNEL, pressed))
    return Response(status_code=200)


@router.post("/events")
@public(WHY)
async def on_event(unit: Uses, request: Request) -> Response:
    """Somebody wrote to the app; also Slack's own question whether this address is ours."""
    body = await request.body()
    if (refusal := _judge(request, body, unit.now.timestamp())) is not None:
        return refusal
    event = _json(body)
    if not isinstance(event, dict):
        return Response(status_code=200)
    if event.get("type") == "url_verification":
        return JSONResponse({"challenge": str(event.get("challenge", ""))[:1000]})
    wrote = read_slack_event(event)
    if wrote is not None and not await heard(unit, CHANNEL, f"event:{event.get('event_id', '')}"):
        await say(unit, CHANNEL, wrote.back, await answer(unit, Said(CHANNEL, wrote.text, address=wrote.who)))
    return Response(status_code=200)


def _judge(request: Request, body: bytes, now: float) -> Response | None:
    """A refusal, unless Slack signed this request lately with our app's secret."""
    secret = services_of(request).settings.of(SlackSettings).slack_signing_secret
    if not secret:
        return refuse("Slack's callbacks are not set up.", "Set MUSTER_SLACK_SIGNING_SECRET.")
    stamp, given = (request.headers.get(f"x-slack-{name}", "") for name in ("request-timestamp", "signature"))
    expected = hmac.digest(
        secret.encode(), b"v0:" + stamp.encode("utf-8", "replace") + b":" + body, hashlib.sha256
    ).hex()
    if not same(given, f"v0={expected}"):
        return refuse("Slack did not sign this request.", "Compare MUSTER_SLACK_SIGNING_SECRET with the app's own.")
    if not stamp.isdecimal() or abs(now - int(stamp[:12])) > WINDOW:
        return refuse(
            "This request is not from now.", "Set the clocks: Slack's differs from this machine's by minutes."
        )
    return None


def _json(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
