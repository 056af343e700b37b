"""The live test of a phone from the command line, on a real process: the vendor's receipt comes back over HTTP."""

import asyncio
import json

from tests.doubles.smpp import MessageCentre
from tests.doubles.twilio import Twilio
from tests.running import Running, free_port

NUMBER = "+15125551234"


async def test_a_test_page_waits_for_the_vendors_receipt_and_shows_it() -> None:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    async with (
        Twilio(public=here, door=here) as twilio,
        Running(**twilio.settings, port=port, public_url=here) as muster,
    ):
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


async def test_the_doctor_signs_in_at_every_vendor_and_says_what_is_wrong() -> None:
    async with Twilio() as twilio, MessageCentre() as centre, Running(**twilio.settings, smpp=centre.url) as muster:
        found = await examined(muster)
        without = "Without MUSTER_PUBLIC_URL it brings back no receipts and no answers."
        assert found["twilio"] == (True, f"Twilio knows the account, and it is active. {without}")
        assert found["smpp"] == (True, "The message centre 127.0.0.1 lets Muster in.")
        assert found["text messages"] == (True, "Text messages leave by twilio, then smpp.")
    async with Twilio() as twilio, MessageCentre(bind_status=0x0E) as centre:
        settings = {**twilio.settings, "twilio_token": "wrong", "modem": "/dev/no-such-modem"}
        async with Running(**settings, smpp=centre.url) as muster:
            found = await examined(muster)
    assert found["twilio"] == (False, "Twilio does not accept the credentials (401).")
    assert found["smpp"] == (False, "The message centre 127.0.0.1 does not let Muster in: the password is wrong.")
    assert found["modem"] == (False, "The modem /dev/no-such-modem is not there.")


async def examined(muster: Running) -> dict[str, tuple[bool, str]]:
    """What the doctor found, by name; there is no plan, so something is always bad."""
    printed = await muster.cli("doctor", "--json", code=1)
    return {each["name"]: (each["ok"], each["sentence"]) for each in json.loads(printed)}
