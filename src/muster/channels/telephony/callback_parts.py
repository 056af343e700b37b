"""What callbacks of telephony have in common: the request as the vendor signed it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from muster.base.web.services import services_of
from muster.channels.callback_parts import channels_of
from muster.channels.telephony.channels import SmsChannel, VoiceChannel
from muster.channels.telephony.port import Callback as Callback
from muster.channels.telephony.port import SmsVendor, VoiceVendor


async def callback_of(request: Request) -> Callback:
    """The request, at the public address (MUSTER_PUBLIC_URL): what a proxy made of the Host header counts for nothing."""
    body = await request.body()
    query = request.url.query
    url = f"{services_of(request).settings.base_url}{request.url.path}{f'?{query}' if query else ''}"
    form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True) if form else []
    values = dict(pairs) if pairs or body else dict(parse_qsl(query, keep_blank_values=True))
    return Callback(url, {name.lower(): value for name, value in request.headers.items()}, body, values)


def sms_vendors(request: Request) -> Mapping[str, SmsVendor]:
    """The vendors of text messages."""
    channel = channels_of(request).get("sms")
    return channel.vendors if isinstance(channel, SmsChannel) else {}


def voice_vendors(request: Request) -> Mapping[str, VoiceVendor]:
    """The vendors of calls."""
    channel = channels_of(request).get("voice")
    return channel.vendors if isinstance(channel, VoiceChannel) else {}
