"""How a vendor proves that a request is its own: a signature over the body, or a secret in a header."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

from muster.alerts.port import Request
from muster.kit.errors import Fault

SECRET_HEADER = "X-Muster-Secret"


@dataclass(frozen=True, slots=True)
class SenderProof:
    """`headers` are where the vendor puts it; `name` is what the vendor calls the secret, `hint` where it is found there."""

    kind: Literal["signature", "secret"]
    headers: tuple[str, ...]
    name: str
    hint: str

    def fault(self, request: Request, secret: str) -> Fault | None:
        """What is wrong with a request's proof; None where it is right. Compares in constant time."""
        sent = [value for header in self.headers if (value := request.header(header).strip())]
        where = " or ".join(self.headers)
        if not sent:
            rule = f"The request has no {where}, by which its sender proves itself."
            return Fault(self.headers[0], rule, f"Enter the integration's secret at the sender as its {self.name}.")
        wanted = self._wanted(request.body, secret)
        if any(hmac.compare_digest(_bare(value).encode("utf-8", "replace"), wanted.encode()) for value in sent):
            return None
        rule = f"The {where} does not fit the integration's secret."
        return Fault(self.headers[0], rule, f"Enter the same secret here and at the sender as its {self.name}.")

    def _wanted(self, body: bytes, secret: str) -> str:
        return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() if self.kind == "signature" else secret


def _bare(value: str) -> str:
    for prefix in ("sha256=", "Bearer ", "bearer "):
        if value.startswith(prefix):
            return value[len(prefix) :].strip()
    return value


ANY_HEADER = SenderProof(
    "secret",
    (SECRET_HEADER, "Authorization"),
    "custom header",
    f"Have it sent as the header {SECRET_HEADER}, or as Authorization: Bearer ….",
)
"""For vendors whose webhooks take headers of one's own."""
