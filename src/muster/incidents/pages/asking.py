"""People asking people, in the browser: take, hand over, add responders, call for help, answer, take back."""

from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field
from muster.base.web.needs import needs
from muster.incidents.actions.hand_over import hand_over
from muster.incidents.actions.responders import add_responders, ask_for_help, respond, withdraw
from muster.incidents.actions.take import take
from muster.incidents.pages.action_forms import done
from muster.incidents.pages.rows import Ref

router = page_router("/incidents/{ref}")


@router.post("/take")
@needs(Permission.INCIDENT_ACKNOWLEDGE)
async def do_take(unit: Uses, request: Request, ref: Ref) -> Response:
    """Become its On-Call Engineer."""
    return await done(unit, request, ref, "take", take(unit, ref))


@router.post("/hand-over")
@needs(Permission.INCIDENT_ASK)
async def do_hand_over(
    unit: Uses, request: Request, ref: Ref, person: Field = "", role: Field = "", note: Field = ""
) -> Response:
    """Ask somebody to take it over."""
    typed = {"person": person, "role": role, "note": note}
    return await done(unit, request, ref, "hand-over", hand_over(unit, ref, person, role, note.strip()), typed)


@router.post("/responders")
@needs(Permission.INCIDENT_ASK)
async def do_add_responders(unit: Uses, request: Request, ref: Ref, targets: Field = "", note: Field = "") -> Response:
    """Page further people."""
    wanted = targets.replace(",", " ").split()
    deed = add_responders(unit, ref, wanted, note.strip())
    return await done(unit, request, ref, "responders", deed, {"targets": targets, "note": note})


@router.post("/help")
@needs(Permission.INCIDENT_ASK)
async def do_ask_for_help(unit: Uses, request: Request, ref: Ref, words: Field = "", target: Field = "") -> Response:
    """Call for help."""
    deed = ask_for_help(unit, ref, words.strip(), target.strip())
    return await done(unit, request, ref, "help", deed, {"words": words, "target": target})


@router.post("/respond")
@needs(Permission.INCIDENT_ACKNOWLEDGE)
async def do_respond(unit: Uses, request: Request, ref: Ref, coming: Field = "", reason: Field = "") -> Response:
    """Answer what one is asked for."""
    deed = respond(unit, ref, coming=coming == "yes", reason=reason.strip())
    return await done(unit, request, ref, "respond", deed, {"reason": reason})


@router.post("/asked/{page_id}/withdraw")
@needs(Permission.INCIDENT_ASK)
async def do_withdraw(unit: Uses, request: Request, ref: Ref, page_id: UUID) -> Response:
    """Take back what people are asked for."""
    return await done(unit, request, ref, "withdraw", withdraw(unit, ref, page_id))
