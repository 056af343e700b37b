"""What HTTP gateways tell: delivery reports, and replies that people send. Each proves itself as MUSTER_GATEWAYS says."""

from uuid import UUID

from fastapi import Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.channels.actions.phone_reports import replied, reported
from muster.channels.callback_parts import callback_router, refuse
from muster.channels.telephony.callback_parts import callback_of, sms_vendors, voice_vendors
from muster.channels.telephony.gateway.vendor import HttpGateway
from muster.channels.telephony.port import Callback
from muster.paging.actions.message_answers import answer
from muster.paging.answer import Said

WHY = "The gateway proves itself by the secret or signature that MUSTER_GATEWAYS names."

router = callback_router("gateway")


@router.get("/{name}/report")
@router.post("/{name}/report")
@public(WHY)
async def on_report(unit: Uses, request: Request, name: str) -> Response:
    """A delivery report; many gateways send it in the query."""
    gateway, call = _gateway(request, name), await callback_of(request)
    if gateway is None or (wrong := gateway.verify(call)):
        return _refused(name, "" if gateway is None else wrong)
    report = gateway.read_report(call)
    if report is not None:
        await reported(unit, gateway.gateway.channel, report)
    return Response("ok\n", media_type="text/plain")


@router.get("/{name}/reply")
@router.post("/{name}/reply")
@public(WHY)
async def on_reply(unit: Uses, request: Request, name: str) -> Response:
    """A reply, or a key that was pressed."""
    gateway, call = _gateway(request, name), await callback_of(request)
    if gateway is None or (wrong := gateway.verify(call)):
        return _refused(name, "" if gateway is None else wrong)
    channel = gateway.gateway.channel
    if channel == "voice":
        return Response(await _pressed(unit, gateway, call), media_type="text/plain; charset=utf-8")
    reply = gateway.read_reply(call)
    if reply is not None:
        await replied(unit, channel, gateway.name, reply)
    return Response("ok\n", media_type="text/plain")


async def _pressed(unit: Unit, gateway: HttpGateway, call: Callback) -> str:
    """Do what a key means; the sentence is the answer's body, for the gateway to say."""
    reply = gateway.read_reply(call)
    if reply is None:
        return "This answers nothing."
    try:
        delivery_id = UUID(gateway.delivery_of(call))
    except ValueError:
        delivery_id = None
    return await answer(unit, Said("voice", reply.text, delivery_id, reply.address))


def _gateway(request: Request, name: str) -> HttpGateway | None:
    vendor = sms_vendors(request).get(name) or voice_vendors(request).get(name)
    return vendor if isinstance(vendor, HttpGateway) else None


def _refused(name: str, wrong: str) -> Response:
    return refuse(
        "This gateway is not believed.", wrong or f"There is no gateway {name[:40]} in use (MUSTER_GATEWAYS)."
    )
