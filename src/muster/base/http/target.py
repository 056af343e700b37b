"""Where a request goes: one strict reading of a URL, used by whoever checks an address and by whoever connects."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from muster.kit.errors import Fault

LONGEST_URL = 2048
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]*:[0-9a-f:.]*")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._?[]|"


@dataclass(frozen=True, slots=True)
class ParsedUrl:
    """A parsed URL: `host` is ASCII in lower case without brackets, `path` holds the query too, a fragment is gone."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def secure(self) -> bool:
        """Whether the request is encrypted."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The Host header's value."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port, such as `https://ntfy.sh`."""
        return f"{self.scheme}://{self.authority}"


def read_url(url: str, field: str = "address") -> ParsedUrl | Fault:
    """The target of an http or https URL, or what is wrong with it."""
    if len(url) > LONGEST_URL:
        return Fault(field, f"A URL has at most {LONGEST_URL} characters.", "Use a shorter address.")
    if any(character.isspace() or ord(character) < 32 or ord(character) == 127 for character in url):
        return Fault(field, "A URL holds no spaces or control characters.", "Copy the address again, without them.")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return Fault(field, "This is not a URL.", "Write it like https://example.com/hook.")
    if parts.scheme not in _PORTS:
        return Fault(field, "Only http and https addresses can be reached.", "Write it like https://example.com/hook.")
    host = host.lower()
    if not _HOST.fullmatch(host):
        return Fault(field, "The URL names no valid host.", "Write it like https://example.com/hook.")
    if parts.username is not None or parts.password is not None:
        return Fault(field, "A URL holds no user name or password.", "Remove them; use the secret's own field.")
    if port == 0:
        return Fault(field, "Port 0 does not exist.", "Leave the port out or write the right one.")
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_PATH_SAFE)
    return ParsedUrl(parts.scheme, host, port or _PORTS[parts.scheme], path)
