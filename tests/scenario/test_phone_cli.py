"""The live test of a phone from the command line, on a real process: the vendor's receipt comes back over HTTP."""

import asyncio
import json

from tests.doubles.twilio import Twilio
from tests.running import Running

NUMBER = "+15125551234"


async def test_a_test_page_waits_for_the_vendors_receipt_and_shows_it() -> None:
    async with Twilio() as twilio, Running(**twilio.settings) as muster:
        twilio.public = twilio.door = muster.url
        await muster.init()
        contacts = [
            {"kind": "sms", "address": NUMBER, "verified": True},
            {"kind": "voice", "address": NUMBER, "verified": True},
        ]
        person = {"kind": "Person", "name": "ana", "email": "ana@contoso.example", "contacts": contacts}
        await muster.apply(json.dumps(person))
        testing = asyncio.create_task(muster.json("page", "test", "ana", "--address", NUMBER))
        async with asyncio.timeout(20):
            await twilio.wait(1, within=20)
        await asyncio.sleep(0.5)
        assert not testing.done(), "the receipt is waited for"
        assert (await twilio.delivered(twilio.taken[0])).status_code == 204
        sent = await testing
        assert (sent["channel"], sent["state"]) == ("sms", "delivered")
        assert sent["reason"] == "The network says that it was delivered."
