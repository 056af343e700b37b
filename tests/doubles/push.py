"""A push service and the browser behind it: checks what RFC 8030, 8188, 8291 and 8292 demand and decrypts by itself.

Written from the RFCs with nothing of Muster's and without the library that Muster encrypts with.
"""

import base64
import hashlib
import hmac
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.doubles.http_sink import Answer, HttpSink, Received, Reply


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Its octets."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """A user agent's half of a subscription."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def public(self) -> bytes:
        """Its public key, uncompressed."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def secret(self) -> str:
        """What a contact keeps of it."""
        return f"{b64(self.public)}.{b64(self.auth)}"

    def decrypt(self, body: bytes) -> bytes:
        """The plain text of a message: RFC 8188 section 2.1 and RFC 8291 section 3.4, one record."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        if length != 65 or size < 18 or len(sealed) > size or len(body) > 4096:
            raise ValueError("not one record of at most 4096 octets with a P-256 key id")
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        first = hmac.digest(self.auth, shared, hashlib.sha256)
        keying = hmac.digest(first, b"WebPush: info\0" + self.public + sender + b"\x01", hashlib.sha256)
        second = hmac.digest(salt, keying, hashlib.sha256)
        key = hmac.digest(second, b"Content-Encoding: aes128gcm\0\x01", hashlib.sha256)[:16]
        nonce = hmac.digest(second, b"Content-Encoding: nonce\0\x01", hashlib.sha256)[:12]
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        if not padded.endswith(b"\x02"):
            raise ValueError("the last record does not end with its mark")
        return padded[:-1]


class PushService(HttpSink):
    """`async with PushService() as service`: `/p/NAME` is the endpoint of `service.browser(NAME)`; `service.pushes` is what
    its browsers were given, decrypted. A browser in `gone` gets the status that stands there.
    """

    def __init__(self, *, tls: Any = None) -> None:
        super().__init__(self._take, tls=tls)
        self.browsers: dict[str, Browser] = {}
        self.gone: dict[str, int] = {}
        self.pushes: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.keys: set[str] = set()

    def browser(self, name: str = "phone") -> tuple[str, str]:
        """Endpoint and secret of a new browser."""
        self.browsers[name] = Browser()
        return f"{self.url}/p/{name}", self.browsers[name].secret

    def _take(self, request: Received) -> Answer:
        name = request.path.removeprefix("/p/")
        if name in self.gone:
            return Reply(self.gone[name], b"push subscription has unsubscribed or expired.")
        if name not in self.browsers:
            return Reply(404, b"no such subscription")
        problem = self._problem(request)
        if problem:
            return Reply(problem[0], problem[1].encode())
        plain = self.browsers[name].decrypt(request.body)
        self.pushes.append(json.loads(plain))
        self.headers.append(dict(request.headers))
        return Reply(201, b"", {"Location": f"{self.url}/m/{len(self.pushes)}", "TTL": request.headers["ttl"]})

    def _problem(self, request: Received) -> tuple[int, str] | None:
        headers = request.headers
        if request.method != "POST" or not headers.get("ttl", "").isdecimal():
            return 400, "TTL is required (RFC 8030, 5.2)"
        if headers.get("content-encoding") != "aes128gcm":
            return 415, "content-encoding must be aes128gcm"
        if headers.get("urgency", "normal") not in ("very-low", "low", "normal", "high"):
            return 400, "no such urgency"
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,32}", headers.get("topic", "")):
            return 400, "a topic has at most 32 characters of base64url"
        if len(request.body) > 4096:
            return 413, "payload too large"
        return self._vapid(headers.get("authorization", ""))

    def _vapid(self, authorization: str) -> tuple[int, str] | None:
        found = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)", authorization)
        if not found:
            return 401, "missing VAPID authorization"
        head, claims, signature, key = found.groups()
        self.keys.add(key)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(key))
        raw = unb64(signature)
        signed = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        try:
            public.verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        except InvalidSignature:
            return 403, "invalid VAPID signature"
        said = json.loads(unb64(claims))
        if json.loads(unb64(head)) != {"typ": "JWT", "alg": "ES256"} or said["aud"] != self.url:
            return 403, f"wrong audience {said['aud']}"
        if not re.match(r"mailto:|https://", said["sub"]) or not isinstance(said["exp"], int):
            return 400, "sub and exp are required"
        return None
