"""The signature of Amazon SNS: what is signed, where its certificate may come from, and whether it is right.

The rules are those of Amazon's developer guide. Only hosts of SNS itself are believed, because whoever names the certificate
could otherwise name one of their own.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate

from muster.kit.errors import Fault

ENVELOPE = (
    *("Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "Token", "SubscribeURL"),
    *("SignatureVersion", "Signature", "SigningCertURL"),
)
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SUBSCRIPTION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_HOST = re.compile(r"sns\.[a-z0-9-]{4,40}\.amazonaws\.com(?:\.cn)?")
_PATH = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem")
_HASHES = {"1": SHA1, "2": SHA256}


def signed_text(message: Mapping[str, str]) -> bytes:
    """What Amazon signed of a message: its fields in alphabetical order, names and values on lines of their own."""
    names = _NOTIFICATION if message.get("Type") == "Notification" else _SUBSCRIPTION
    return "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode("utf-8", "replace")


def certificate_fault(message: Mapping[str, str]) -> Fault | None:
    """Why the certificate is not to be fetched from where the message says; None where it may be."""
    if message.get("SignatureVersion") not in _HASHES:
        return Fault("SignatureVersion", "The signature is of version 1 or 2.", "Send it unchanged from SNS.")
    address = message.get("SigningCertURL", "")
    if not _of_sns(address) or not _PATH.fullmatch(urlsplit(address).path) or urlsplit(address).query:
        return Fault("SigningCertURL", "The certificate is not one of Amazon SNS.", "Send it unchanged from SNS.")
    return None


def subscribe_fault(message: Mapping[str, str]) -> Fault | None:
    """Why a subscription is not to be confirmed at the address that the message names; None where it may be."""
    address = message.get("SubscribeURL", "")
    if not _of_sns(address) or parse_qs(urlsplit(address).query).get("Action") != ["ConfirmSubscription"]:
        return Fault("SubscribeURL", "The address to confirm at is not one of Amazon SNS.", "Subscribe anew in SNS.")
    return None


def signature_fault(message: Mapping[str, str], certificate: bytes) -> Fault | None:
    """Why a message is not signed with this certificate; None where it is."""
    wrong = Fault("Signature", "The message is not signed by Amazon SNS.", "Send it unchanged from SNS.")
    try:
        key = load_pem_x509_certificate(certificate).public_key()
        signature = base64.b64decode(message.get("Signature", ""), validate=True)
    except (ValueError, binascii.Error):
        return wrong
    if not isinstance(key, RSAPublicKey):
        return wrong
    try:
        key.verify(signature, signed_text(message), PKCS1v15(), _HASHES[message.get("SignatureVersion", "")]())
    except (InvalidSignature, KeyError):
        return wrong
    return None


def _of_sns(address: str) -> bool:
    try:
        parts = urlsplit(address)
        plain = parts.port is None and parts.username is None and parts.password is None
    except ValueError:
        return False
    return parts.scheme == "https" and plain and bool(_HOST.fullmatch(parts.netloc)) and not parts.fragment
