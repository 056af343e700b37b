"""The service worker, served at the root because its scope is where it comes from, and the manifest of the web app."""

from functools import cache

import msgspec
from fastapi import Response

from muster.base.web.assets import shipped
from muster.base.web.edge import page_router
from muster.base.web.needs import public

router = page_router()
_FRESH = {"cache-control": "no-cache"}
WHY = "A script and a description of the app; they hold nothing of anybody's."


@router.get("/sw.js")
@public(WHY)
async def service_worker() -> Response:
    """The script that shows pushed pages; browsers look for a new one at each visit."""
    return Response(_worker(), media_type="text/javascript; charset=utf-8", headers=_FRESH)


@router.get("/manifest.webmanifest")
@public(WHY)
async def manifest() -> Response:
    """What a phone needs to put Muster on its home screen."""
    return Response(_manifest(), media_type="application/manifest+json", headers=_FRESH)


@cache
def _worker() -> bytes:
    script = shipped().find("channels/worker/sw.js")
    assert script is not None
    return script.body.replace(b"ICON_URL", shipped().url("icon-192.png").encode())


@cache
def _manifest() -> bytes:
    icons = [
        {"src": shipped().url(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    icons.append({"src": shipped().url("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"})
    return msgspec.json.encode({
        "id": "/",
        "name": "Muster",
        "short_name": "Muster",
        "description": "Who is on call, what is wrong, and a page that arrives.",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#14161a",
        "theme_color": "#14161a",
        "icons": icons,
    })  # fmt: skip
