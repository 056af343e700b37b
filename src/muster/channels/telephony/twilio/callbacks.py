"""What Twilio tells: what became of messages and calls, texts that people send, keys that they press.

Every request is believed by X-Twilio-Signature, made with the account's token over the public address and the form.
"""

from uuid import UUID

from fastapi import Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.channels.actions.chat_answers import heard
from muster.channels.actions.phone_reports import reported
from muster.channels.callback_parts import callback_router, refuse
from muster.channels.telephony.callback_parts import callback_of, sms_vendors, voice_vendors
from muster.channels.telephony.port import Callback, DeliveryReport
from muster.channels.telephony.twilio import twiml
from muster.channels.telephony.twilio.vendor import TwilioSms, TwilioVoice
from muster.paging.actions.message_answers import answer
from muster.paging.answer import Said, Verb, read_answer
from muster.paging.channel import SendOutcome

WHY = "Twilio signs each request (X-Twilio-Signature) with the account's token."
OFF = "Twilio is not among the vendors in use: see MUSTER_SMS_VENDORS and MUSTER_VOICE_VENDORS."
NOT_GENUINE = "Twilio did not send this."

router = callback_router("twilio")


@router.post("/sms-status")
@public(WHY)
async def on_sms_status(unit: Uses, request: Request) -> Response:
    """What became of a text message."""
    vendor, call = sms_vendors(request).get("twilio"), await callback_of(request)
    if not isinstance(vendor, TwilioSms):
        return refuse("Nobody is expected to call here.", OFF)
    if wrong := vendor.verify(call):
        return refuse(NOT_GENUINE, wrong)
    return await _note(unit, "sms", vendor.read_report(call))


@router.post("/sms")
@public(WHY)
async def on_sms(unit: Uses, request: Request) -> Response:
    """A text message that somebody sent; the answer is sent back by Twilio."""
    vendor, call = sms_vendors(request).get("twilio"), await callback_of(request)
    if not isinstance(vendor, TwilioSms):
        return refuse("Nobody is expected to call here.", OFF)
    if wrong := vendor.verify(call):
        return refuse(NOT_GENUINE, wrong)
    reply = vendor.read_reply(call)
    # Twilio itself answers STOP, START and HELP, and says so: a second answer would only cost.
    if reply is None or call.values.get("OptOutType") or await _again(unit, call):
        return _twiml(twiml.texted(""))
    return _twiml(twiml.texted(await answer(unit, Said("sms", reply.text, address=reply.address))))


@router.post("/voice-status")
@router.post("/voice-answered")
@public(WHY)
async def on_voice_status(unit: Uses, request: Request) -> Response:
    """What became of a call, or whether a person or a machine answered."""
    vendor, call = voice_vendors(request).get("twilio"), await callback_of(request)
    if not isinstance(vendor, TwilioVoice):
        return refuse("Nobody is expected to call here.", OFF)
    if wrong := vendor.verify(call):
        return refuse(NOT_GENUINE, wrong)
    return await _note(unit, "voice", vendor.read_report(call))


@router.post("/voice")
@public(WHY)
async def on_voice(unit: Uses, request: Request, delivery: str = "") -> Response:
    """A key that was pressed during a call: done, and told by voice."""
    vendor, call = voice_vendors(request).get("twilio"), await callback_of(request)
    if not isinstance(vendor, TwilioVoice):
        return refuse("Nobody is expected to call here.", OFF)
    if wrong := vendor.verify(call):
        return refuse(NOT_GENUINE, wrong)
    digits = call.values.get("Digits", "")
    try:
        delivery_id = UUID(delivery)
    except ValueError:
        return _twiml(twiml.spoken("This call is about nothing that Muster knows.", vendor.account.language))
    # Only a person presses keys.
    if sid := call.values.get("CallSid", ""):
        await reported(
            unit, "voice", DeliveryReport(sid, SendOutcome.DELIVERED, f"A person answered and pressed {digits[:4]}.")
        )
    if read_answer(digits).verb not in (Verb.ACKNOWLEDGE, Verb.ESCALATE):
        return _twiml(twiml.spoken("That key means nothing here.", vendor.account.language, again_at=call.url))
    sentence = await answer(unit, Said("voice", digits, delivery_id, call.values.get("To", "")))
    return _twiml(twiml.spoken(sentence, vendor.account.language))


async def _again(unit: Unit, call: Callback) -> bool:
    """Whether Twilio tells the same text once more, since our first answer got lost: nothing is escalated twice."""
    sid = call.values.get("MessageSid", "")
    return bool(sid) and await heard(unit, "sms", sid[:64])


async def _note(unit: Unit, channel: str, report: DeliveryReport | None) -> Response:
    if report is not None and report.provider_id:
        await reported(unit, channel, report)
    return Response(status_code=204)


def _twiml(text: str) -> Response:
    return Response(text, media_type="application/xml")
