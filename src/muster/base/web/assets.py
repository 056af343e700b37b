"""Static files from the package, held in memory under one hash of all of them, so that browsers keep them for ever.

The files of a feature stand in its `static/` and are served below its name; its style sheets join the one that is sent, and its
scripts are loaded by every page; what stands in folders below is only served.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

ROOT = Path(__file__).parent / "static"
FEATURES = Path(__file__).parents[2]
STYLES = ("tokens", "base", "layout", "bare", "text", "data", "facts", "controls")
"""The sheets below those of features, in their order."""
LAST_STYLES = ("overlays",)
ENTRY = "js/app.js"
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
    """Every static file by its path below `static/`, a feature's below the feature's name; the style sheets are joined into one.

    `of_pages` are the modules that the entry of pages imports, `of_features` those that features add.
    """

    def __init__(self, root: Path = ROOT, features: Path = FEATURES) -> None:
        bodies = _bodies(root, "")
        self.of_pages = [name for name in bodies if name.startswith("js/") and name != ENTRY]
        self.of_features: list[str] = []
        sheets = [root / "css" / f"{name}.css" for name in STYLES]
        for folder in sorted(features.glob("*/static")):
            own = _bodies(folder, f"{folder.parent.name}/")
            bodies |= own
            self.of_features += [name for name in own if name.endswith(".js") and name.count("/") == 1]
            sheets += sorted(folder.glob("*.css"))
        sheets += [root / "css" / f"{name}.css" for name in LAST_STYLES]
        bodies[BUNDLE] = b"\n".join(sheet.read_bytes() for sheet in sheets)
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


def _bodies(root: Path, place: str) -> dict[str, bytes]:
    """What stands below a folder, without style sheets, under the names by which it is served."""
    return {
        f"{place}{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.suffix in TYPES and path.suffix != ".css"
    }


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
