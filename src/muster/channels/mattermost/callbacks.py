"""Mattermost's buttons, believed by the signed address that only its server knows, and its slash command, by its token."""

from typing import Any
from urllib.parse import parse_qs

import msgspec
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.base.web.services import services_of
from muster.channels.actions.chat_answers import press
from muster.channels.callback_parts import callback_router, links_of, refuse, same
from muster.channels.chat import Pressed
from muster.channels.mattermost.settings import MattermostSettings
from muster.kit.signing import Rejection
from muster.paging.actions.message_answers import UNKNOWN, answer
from muster.paging.answer import Said

CHANNEL = "mattermost"
router = callback_router("mattermost")


@router.post("/command")
@public("Mattermost sends the slash command's own token.")
async def on_command(unit: Uses, request: Request) -> Response:
    """Somebody wrote `/muster ack`."""
    expected = services_of(request).settings.of(MattermostSettings).mattermost_command_token
    if not expected:
        return refuse("Mattermost's command is not set up.", "Set MUSTER_MATTERMOST_COMMAND_TOKEN.")
    form = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=40)
    given = {name: values[0] for name, values in form.items()}
    if not same(given.get("token", ""), expected):
        return refuse(
            "This is not Mattermost's command.", "Compare MUSTER_MATTERMOST_COMMAND_TOKEN with the command's."
        )
    user, text = given.get("user_name", ""), given.get("text", "")[:1000] or "help"
    said = await answer(unit, Said(CHANNEL, text, address=user))
    if said == UNKNOWN:
        said = await answer(unit, Said(CHANNEL, text, address=f"@{user}"))
    return JSONResponse({"response_type": "ephemeral", "text": said})


@router.post("/{token}")
@public("The address is signed by Muster; Mattermost's server keeps it from its users.")
async def on_action(unit: Uses, request: Request, token: str) -> Response:
    """Somebody pressed a button of ours."""
    meant = links_of(request).read(CHANNEL, token)
    if isinstance(meant, Rejection):
        return refuse("This is no button of this Muster's.", str(meant))
    pressed = _json(await request.body())
    user = pressed.get("user_name") if isinstance(pressed, dict) else None
    if not isinstance(user, str) or not user:
        return JSONResponse({"ephemeral_text": "Mattermost did not say who you are; use the link in the message."})
    done = Pressed(meant.delivery_id, meant.verb, user, "")
    return JSONResponse({"ephemeral_text": await press(unit, CHANNEL, done, (f"@{user}",))})


def _json(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
