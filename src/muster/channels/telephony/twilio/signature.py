"""Who really called: Twilio's X-Twilio-Signature (https://www.twilio.com/docs/usage/security#validating-requests). Pure.

The HMAC-SHA1, keyed with the account's token, of the address that Twilio called and, sorted by name, each field and its
value. The address is the public one (MUSTER_PUBLIC_URL), since behind a proxy the Host header is whatever the proxy makes it.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

HEADER = "x-twilio-signature"
_PORTS = {"http": 80, "https": 443}


def signature(token: str, url: str, values: Mapping[str, str]) -> str:
    """The signature of a request."""
    signed = url + "".join(f"{name}{values[name]}" for name in sorted(values))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


def genuine(token: str, url: str, values: Mapping[str, str], given: str) -> bool:
    """Whether a signature is right, for the address with or without its usual port: Twilio has signed either."""
    if not token or not given:
        return False
    matches = [
        hmac.compare_digest(signature(token, spelling, values).encode(), given.encode()) for spelling in _spellings(url)
    ]
    return any(matches)


def _spellings(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else (parts.hostname or "")
    port = parts.port or _PORTS.get(parts.scheme, 443)
    without = urlunsplit(parts._replace(netloc=host))
    return (url, urlunsplit(parts._replace(netloc=f"{host}:{port}")) if parts.port is None else without)
