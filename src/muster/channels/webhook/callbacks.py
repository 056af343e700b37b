"""Where Muster's own synthetic pages by webhook come in again."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import Request, Response

from muster.base.secrets import Secrets
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import public
from muster.base.web.services import services_of
from muster.channels.loops import WEBHOOK_PLACE
from muster.channels.webhook.channel import signature
from muster.channels.webhook.entry import installation_secret
from muster.kit.errors import Denied, Malformed
from muster.paging.store import loops

WHY = "Only what this installation signed itself counts, and all that it does is to say that it came back."
SKEW = timedelta(minutes=5)

router = page_router(WEBHOOK_PLACE)


@router.post("")
@public(WHY)
async def came_back(unit: Uses, request: Request) -> Response:
    """Note that a synthetic page came back."""
    body = await request.body()
    headers = request.headers
    identity, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    wanted = signature(installation_secret(services_of(request).of(Secrets)), identity, timestamp, body)
    if not hmac.compare_digest(_digest(wanted), _digest(headers.get("webhook-signature", ""))):
        raise Denied("This was not sent by this Muster.", "Its signature does not fit.")
    try:
        at, mark = datetime.fromtimestamp(int(timestamp), UTC), UUID(json.loads(body)["data"]["delivery_id"])
    except (ValueError, KeyError, TypeError, OverflowError):
        raise Malformed("This is not a synthetic page.") from None
    if abs(unit.now - at) > SKEW:
        raise Denied("This was sent at another time.", "A synthetic page counts for five minutes.")
    await loops.back(unit.conn, mark, unit.now)
    return Response(status_code=204)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
