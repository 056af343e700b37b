"""The addresses of Opsgenie's Alert API below an integration's key: which of them send signals, and which ask or act."""

import re

PLACE = "/v2/alerts"
_CLOSE = re.compile(rf"{PLACE}/(.+)/close")
_SLASHES = re.compile("/{2,}")
ANY_KEY = "opsgenie"
"""Stands in an address for the integration's key where the sender can give that in its header only."""
IDENTIFIERS = ("id", "alias", "tiny")


def one_slash(path: str) -> str:
    """The path without repeated slashes: senders put their own path behind an address that ends with one."""
    return _SLASHES.sub("/", path)


def is_signal(path: str) -> bool:
    """Whether a POST there creates or closes an alert."""
    return path == PLACE or _CLOSE.fullmatch(path) is not None


def is_call(method: str, path: str) -> bool:
    """Whether a request asks for alerts or acts on one, rather than send a signal."""
    path = one_slash(path).rstrip("/")
    if path != PLACE and not path.startswith(f"{PLACE}/"):
        return False
    return not (method == "POST" and is_signal(path))


def closed_by(path: str) -> str:
    """The identifier of the alert that a request closes; empty where it closes none."""
    found = _CLOSE.fullmatch(one_slash(path).rstrip("/"))
    return found[1] if found else ""


def genie_key(authorization: str) -> str:
    """The key of `Authorization: GenieKey …`; empty where there is none."""
    scheme, _, key = authorization.strip().partition(" ")
    return key.strip() if scheme.lower() == "geniekey" else ""
