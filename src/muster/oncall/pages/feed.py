"""The address that calendars subscribe to; outside of the API, because the secret in it is all that they can send."""

from typing import Annotated

from fastapi import Path, Request, Response

from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import public
from muster.base.web.services import services_of
from muster.oncall.actions.feeds import read_feed

SUFFIX = ".ics"
router = page_router("/feeds")


@router.api_route("/{name}", methods=["GET", "HEAD"])
@public("The secret link is the authority: it shows one calendar of shifts, and its owner can end it at any time.")
async def show_feed(unit: Uses, request: Request, name: Annotated[str, Path(max_length=200)]) -> Response:
    """Show a calendar of shifts, or that it has not changed."""
    base_url = services_of(request).settings.base_url.rstrip("/")
    token = name.removesuffix(SUFFIX)
    read = await read_feed(unit, token, request.headers.get("user-agent", ""), base_url)
    headers = {
        "etag": read.tag,
        "cache-control": "private, max-age=300",
        "x-robots-tag": "noindex",
        "referrer-policy": "no-referrer",
    }
    if read.tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = f'inline; filename="on-call-{read.feed.subject}.ics"'
    return Response(read.body, media_type="text/calendar; charset=utf-8", headers=headers)


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
