"""An address that carries something, `page+TAG@muster.example`: bytes in base32, since mail servers change letters' case. Pure."""

import base64
import binascii


def tagged(base: str, content: bytes) -> str:
    """The address below `base` that carries the content."""
    local, _, domain = base.rpartition("@")
    return f"{local}+{base64.b32encode(content).decode().rstrip('=').lower()}@{domain}"


def content_of(base: str, address: str) -> bytes | None:
    """What an address below `base` carries; None where it has another shape."""
    local, _, domain = base.lower().rpartition("@")
    sent_local, _, sent_domain = address.strip().lower().rpartition("@")
    name, plus, tag = sent_local.rpartition("+")
    if not plus or name != local or sent_domain != domain or not tag.isascii():
        return None
    try:
        return base64.b32decode(tag.upper() + "=" * (-len(tag) % 8))
    except binascii.Error:
        return None
