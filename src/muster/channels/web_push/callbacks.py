"""What browsers and phones send back by signed addresses: that a push was shown, and answers that are not acknowledging."""

from typing import Annotated

from fastapi import Path, Request, Response
from fastapi.responses import JSONResponse

from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.channels.actions.chat_answers import in_hand
from muster.channels.callback_parts import callback_router, links_of, refuse
from muster.kit.signing import LONGEST_TOKEN, Rejection
from muster.paging.actions.message_answers import answer
from muster.paging.actions.receipts import report
from muster.paging.answer import Said
from muster.paging.channel import SendOutcome

Token = Annotated[str, Path(max_length=LONGEST_TOKEN + 1)]
WHY = "The address is signed by Muster and stands in one message only."
shown = callback_router("web_push")
answers = callback_router("answer")


@shown.post("/{token}")
@public(WHY)
async def on_shown(unit: Uses, request: Request, token: Token) -> Response:
    """A browser has shown a push."""
    meant = links_of(request).read("web_push", token)
    if isinstance(meant, Rejection):
        return refuse("This is no receipt of this Muster's.", str(meant))
    await report(unit, "web_push", str(meant.delivery_id), SendOutcome.DELIVERED, "The browser has shown it.")
    return Response(status_code=204)


@answers.post("/{token}")
@public(WHY)
async def on_answer(unit: Uses, request: Request, token: Token) -> Response:
    """A button of a notification was pressed."""
    meant = links_of(request).read("answer", token)
    if isinstance(meant, Rejection):
        return refuse("This is no button of this Muster's.", str(meant))
    said = Said(await in_hand(unit, meant.delivery_id), meant.verb, meant.delivery_id)
    return JSONResponse({"said": await answer(unit, said)})
