"""What a message centre answered, in sentences (SMPP 3.4, 5.1.3), and what became of a message (5.2.28, appendix B). Pure."""

import re

from muster.channels.telephony.port import DeliveryReport
from muster.channels.telephony.smpp.pdu import MESSAGE_STATE, RECEIPTED_ID, Delivered
from muster.paging.channel import Receipt, SendOutcome, refused, retry

_MEANINGS = {
    0x01: "it calls the message's length invalid",
    0x04: "it does not let this account send",
    0x05: "this account is connected already",
    0x08: "it has a problem of its own",
    0x0A: "it does not accept the sender (MUSTER_SMS_FROM)",
    0x0B: "the number is wrong",
    0x0D: "it does not accept the account",
    0x0E: "the password is wrong",
    0x0F: "it does not know the account",
    0x14: "its queue is full",
    0x45: "it could not take the message",
    0x48: "it does not accept the sender (MUSTER_SMS_FROM)",
    0x49: "it does not accept the sender (MUSTER_SMS_FROM)",
    0x50: "the number is wrong",
    0x51: "the number is wrong",
    0x58: "it is being sent too much",
    0x66: "the receiver cannot take it for now",
    0x67: "the receiver will not take it",
}
_AGAIN = frozenset({0x04, 0x05, 0x08, 0x14, 0x45, 0x58, 0x64, 0x66, 0xFE})
_STATES = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}
_FAILED = {
    "EXPIRED": "the phone was off or out of reach for too long",
    "DELETED": "the message centre deleted it",
    "UNDELIV": "it cannot be delivered to this number",
    "REJECTD": "the message centre or the network rejected it",
}
_FIELD = re.compile(r"\b(id|stat|err):\s*(\S+)", re.IGNORECASE)


def explain(host: str, status: int) -> Receipt:
    """The receipt of a refused submit or bind."""
    sentence = f"{host} did not take it: {meaning(status)} (status 0x{status:02x})."
    return retry(sentence) if status in _AGAIN else refused(sentence)


def meaning(status: int) -> str:
    """What a status means."""
    return _MEANINGS.get(status, "it gives no reason that Muster knows")


def read_receipt(delivered: Delivered) -> tuple[DeliveryReport, tuple[str, ...]] | None:
    """The report in a receipt, and other spellings of its id; None when it tells nothing final.

    The id is the one of submit_sm_resp, which some centres write in hexadecimal in one place and in decimal in the other.
    """
    text = delivered.message.decode("latin-1")
    fields = {name.lower(): value for name, value in _FIELD.findall(text)}
    id_ = delivered.options.get(RECEIPTED_ID, b"").split(b"\0", 1)[0].decode("latin-1") or fields.get("id", "")
    state = _STATES.get(delivered.options.get(MESSAGE_STATE, b"\0")[0]) or fields.get("stat", "").upper()
    if not id_ or delivered.intermediate:
        return None
    if state == "DELIVRD":
        report = DeliveryReport(named(id_), SendOutcome.DELIVERED, "The network says that it was delivered.")
    elif state in _FAILED:
        error = fields.get("err", "").strip("0")
        more = f" (network error {fields['err']})" if error else ""
        report = DeliveryReport(named(id_), SendOutcome.REFUSED, f"It was not delivered: {_FAILED[state]}{more}.")
    else:
        return None
    return report, tuple(named(spelling) for spelling in _spellings(id_))


def named(id_: str) -> str:
    """The provider id under which a message centre's id is kept."""
    return f"smpp:{id_}"


def _spellings(id_: str) -> list[str]:
    others = []
    if id_.isdecimal():
        others = [f"{int(id_):x}", f"{int(id_):X}", f"{int(id_):08X}", f"{int(id_):08x}", str(int(id_))]
    elif re.fullmatch(r"[0-9a-fA-F]{1,16}", id_):
        others = [str(int(id_, 16)), f"{int(id_, 16):010d}"]
    return [other for other in dict.fromkeys(others) if other != id_]
