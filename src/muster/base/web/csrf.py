"""A browser's unsafe request must bring back the session's token, in a header or a form field."""

import hmac

from fastapi import Request

from muster.kit.errors import Denied

HEADER, FIELD = "x-csrf-token", "csrf"


async def check(request: Request, expected: str) -> None:
    """Refuse a request that another site could have forged.

    Raises:
        Denied: the token is absent or wrong.
    """
    given = request.headers.get(HEADER, "")
    if not given and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        value = (await request.form()).get(FIELD, "")
        given = value if isinstance(value, str) else ""
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Denied(
            "This request did not come from a Muster page.", "Reload the page and try again.", permission="csrf"
        )
