"""What senders wrote as people may read it: passwords in addresses, tokens and keys are hidden wherever it is shown (pure).

What is stored stays as it was sent. Only those who may inspect signals see a body so.
"""

import base64
import codecs
from dataclasses import replace

from muster.alerts.alert import Alert
from muster.base.access import Permission, Principal, refusal
from muster.kit.link import Link
from muster.kit.masking import HIDDEN, mask_text, mask_value

LONGEST_MASKED = 256 * 1024
"""So many bytes of a body are shown to those who may not inspect signals."""


def masked_alert(alert: Alert) -> Alert:
    """The alert without what looks like a secret."""
    return replace(
        alert,
        title=mask_text(alert.title),
        description=mask_text(alert.description),
        labels=mask_value(alert.labels),
        annotations=mask_value(alert.annotations),
        next_step=mask_text(alert.next_step),
        links=masked_links(alert.links),
    )


def masked_links(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Links without the credentials that senders put into them."""
    return tuple(Link(mask_text(link.label), mask_text(link.url)) for link in links)


def inspects(principal: Principal) -> bool:
    """Whether this one may see bodies as they were sent."""
    return not refusal(principal, Permission.SIGNAL_INSPECT)


def masked_headers(headers: dict[str, str]) -> dict[str, str]:
    """Stored headers without what looks like a secret."""
    masked: dict[str, str] = mask_value(headers)
    return masked


def readable_body(body: bytes, principal: Principal) -> tuple[str, str]:
    """A body as this one may read it, and how it is written: `text`, `base64` where it is no text, or `hidden` where it is none
    and may not be inspected. A character cut at the end is no harm."""
    try:
        if inspects(principal):
            return _decoded(body), "text"
        return mask_text(_decoded(body[:LONGEST_MASKED])), "text"
    except UnicodeDecodeError:
        return (base64.b64encode(body).decode(), "base64") if inspects(principal) else (HIDDEN, "hidden")


def _decoded(body: bytes) -> str:
    return codecs.getincrementaldecoder("utf-8")().decode(body)
