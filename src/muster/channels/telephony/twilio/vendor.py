"""Twilio as a vendor of text messages and of calls."""

from datetime import timedelta
from urllib.parse import quote

from muster.base.http import Http
from muster.channels.telephony.port import Callback, DeliveryReport, Ears, PhoneReply, Spoken, Text
from muster.channels.telephony.twilio import twiml
from muster.channels.telephony.twilio.account import TwilioAccount, create
from muster.channels.telephony.twilio.errors import failure
from muster.channels.telephony.twilio.signature import HEADER, genuine
from muster.paging.channel import Receipt, SendOutcome

RING = 30
"""Seconds that a phone rings; most mailboxes take over at about this time."""
KEEP = 3600
"""Seconds for which a text message is worth delivering."""
ANSWERED = frozenset({"human"})
_CALLS = {
    "busy": "The line was busy.",
    "no-answer": f"Nobody answered within {RING} seconds.",
    "failed": "The call could not be connected: the number may be wrong.",
    "canceled": "The call was cancelled.",
}


class _Twilio:
    """What both kinds share."""

    name = "twilio"

    def __init__(self, http: Http, account: TwilioAccount) -> None:
        self._http, self.account = http, account

    @property
    def missing(self) -> str:
        """Which settings are still to be made."""
        return self.account.missing

    @property
    def two_way(self) -> bool:
        """Whether answers come back: Twilio brings them to an address that it can reach."""
        return bool(self.account.here)

    async def listen(self, ears: Ears) -> None:
        """Nothing to do: Twilio calls back."""

    async def close(self) -> None:
        """Nothing to do: the HTTP client is its owner's."""

    def verify(self, call: Callback) -> str:
        """Check the signature."""
        if genuine(self.account.token, call.url, call.values, call.headers.get(HEADER, "")):
            return ""
        return (
            "The signature does not match: X-Twilio-Signature must be made with MUSTER_TWILIO_TOKEN over "
            "the address that begins with MUSTER_PUBLIC_URL."
        )

    def read_reply(self, call: Callback) -> PhoneReply | None:
        """A text message that somebody sent."""
        sender = call.values.get("From", "")
        return PhoneReply(sender, call.values.get("Body", "")) if sender else None


class TwilioSms(_Twilio):
    """Text messages: https://www.twilio.com/docs/messaging/api/message-resource."""

    @property
    def receipt_within(self) -> timedelta | None:
        """How long a receipt may take; None where none can come."""
        return timedelta(seconds=90) if self.account.here else None

    async def send(self, text: Text) -> Receipt:
        """Create a message, with the address for its receipts where there is one."""
        sender = self.account.sender
        form = {
            "To": text.to,
            "MessagingServiceSid" if sender.startswith("MG") else "From": sender,
            "Body": text.text,
            "ValidityPeriod": str(KEEP),
        }
        if self.account.here:
            form["StatusCallback"] = self.account.callback("sms-status")
        return await create(self._http, self.account, "Messages", form)

    def read_report(self, call: Callback) -> DeliveryReport | None:
        """A message's status: delivered, or failed after all; what is between tells nothing final."""
        sid, status = call.values.get("MessageSid", ""), call.values.get("MessageStatus", "")
        if status in ("delivered", "read"):
            return DeliveryReport(sid, SendOutcome.DELIVERED, "The network says that it was delivered.")
        if status in ("undelivered", "failed", "canceled"):
            return DeliveryReport(sid, SendOutcome.REFUSED, failure(call.values.get("ErrorCode", ""), status))
        return None


class TwilioVoice(_Twilio):
    """Calls: https://www.twilio.com/docs/voice/api/call-resource.

    Whether a person or a machine answered is detected while the message is already being said: nobody who is woken waits
    in silence. Only a detected person, or a key that was pressed, counts as delivered.
    """

    @property
    def receipt_within(self) -> timedelta | None:
        """How long a receipt may take; None where none can come."""
        return timedelta(seconds=100) if self.account.here else None

    @property
    def missing(self) -> str:
        """Which settings are still to be made: a messaging service cannot call."""
        if not self.account.missing and not self._caller:
            return "Twilio cannot call from this sender: set MUSTER_TWILIO_CALLER to a number of yours (+1…)."
        return self.account.missing

    @property
    def _caller(self) -> str:
        return self.account.caller or (self.account.sender if self.account.sender.startswith("+") else "")

    async def call(self, spoken: Spoken) -> Receipt:
        """Create a call that says the message."""
        account = self.account
        answer = account.callback(f"voice?delivery={quote(spoken.delivery_id)}")
        form = {
            "To": spoken.to,
            "From": self._caller,
            "Twiml": twiml.call(spoken.sentences, answer, account.language, asks=spoken.asks),
            "Timeout": str(RING),
        }
        if account.here:
            form |= {
                "StatusCallback": account.callback("voice-status"),
                "StatusCallbackMethod": "POST",
                "StatusCallbackEvent": "completed",
                "MachineDetection": "Enable",
                "AsyncAmd": "true",
                "AsyncAmdStatusCallback": account.callback("voice-answered"),
                "AsyncAmdStatusCallbackMethod": "POST",
            }
        return await create(self._http, account, "Calls", form)

    def read_report(self, call: Callback) -> DeliveryReport | None:
        """What became of a call: from the status callback, or from the detection of who answered."""
        sid, status = call.values.get("CallSid", ""), call.values.get("CallStatus", "")
        who = call.values.get("AnsweredBy", "")
        if who in ANSWERED:
            return DeliveryReport(sid, SendOutcome.DELIVERED, "A person answered.")
        if who.startswith("machine"):
            return DeliveryReport(
                sid, SendOutcome.REFUSED, "An answering machine took the call; the message is left there."
            )
        if who == "fax":
            return DeliveryReport(sid, SendOutcome.REFUSED, "A fax machine took the call.")
        if status in _CALLS:
            code = call.values.get("SipResponseCode", "")
            more = f" (SIP {code})" if code.isdecimal() and status == "failed" else ""
            return DeliveryReport(sid, SendOutcome.REFUSED, f"{_CALLS[status].rstrip('.')}{more}.")
        return None
