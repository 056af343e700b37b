"""Static files from the package, held in memory under one hash of all of them, so that browsers keep them for ever."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

ROOT = Path(__file__).parent / "static"
STYLES = (
    "tokens", "base", "layout", "text", "data", "controls", "incident", "coverage", "plan", "picture", "paging", "loads",
    "overlays",
)  # fmt: skip
BUNDLE = "muster.css"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
FOR_EVER = "public, max-age=31536000, immutable"
SMALLEST_TO_COMPRESS = 512


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    packed: bytes | None
    media_type: str


class Assets:
    """Every static file by its path below `static/`; the style sheets are joined into one."""

    def __init__(self, root: Path = ROOT) -> None:
        bodies = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.suffix in TYPES and path.suffix != ".css"
        }
        bodies[BUNDLE] = b"\n".join((root / "css" / f"{name}.css").read_bytes() for name in STYLES)
        whole = hashlib.sha256()
        for name in sorted(bodies):
            whole.update(name.encode() + b"\0" + bodies[name] + b"\0")
        self.hash = whole.hexdigest()[:12]
        self._files = {name: _asset(name, body) for name, body in bodies.items()}

    def url(self, name: str) -> str:
        """The address of a file, such as `js/app.js`.

        Raises:
            KeyError: there is no such file.
        """
        if name not in self._files:
            raise KeyError(f"there is no static file {name!r}")
        return f"/static/{self.hash}/{name}"

    def find(self, name: str) -> Asset | None:
        """The file of that name, if there is one."""
        return self._files.get(name)


def _asset(name: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 6, mtime=0) if len(body) >= SMALLEST_TO_COMPRESS else None
    return Asset(body, packed, TYPES[Path(name).suffix])


@cache
def shipped() -> Assets:
    """The files of this installation, read once."""
    return Assets()


async def serve_static(request: Request) -> Response:
    """GET or HEAD `/static/{hash}/{name:path}`. Another version's hash gets the present file, but is not kept."""
    assets = shipped()
    asset = assets.find(request.path_params["name"])
    if asset is None:
        return Response("There is no such file.", 404, media_type="text/plain")
    headers = {
        "cache-control": FOR_EVER if request.path_params["hash"] == assets.hash else "no-cache",
        "vary": "accept-encoding",
        "x-content-type-options": "nosniff",
    }
    body = asset.body
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["content-encoding"] = asset.packed, "gzip"
    headers["content-length"] = str(len(body))
    return Response(b"" if request.method == "HEAD" else body, headers=headers, media_type=asset.media_type)
