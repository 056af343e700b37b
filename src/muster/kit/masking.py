"""Hides what looks like a secret in paths, addresses, headers and free text, before anybody reads it.

This is the last line, not the first: what is known to be secret is not stored or logged at all. Masking errs on the side of
hiding; what it hides it replaces by `HIDDEN`, so that a reader sees that there was something.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

HIDDEN = "[hidden]"

SECRET_PLACES = frozenset({"password", "first-run", "a", "t", "i", "feeds", "callbacks"})
"""First segments of Muster's own paths below which a segment is a secret; a test holds them against the routes."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\w+(?::path)?\}")
_LONG = re.compile(r"[A-Za-z0-9_\-.~=+%:]{20,}")
_PLAIN_WORDS = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_SECRET_NAME = re.compile(
    r"(?:token|secret|passw|passwd|pwd|passphrase|api[-_]?key|apikey|access[-_]?key|account[-_]?key|private[-_]?key|"
    r"integration[-_]?key|routing[-_]?key|service[-_]?key|signature|credential|authorization|cookie|jwt|session)",
    re.IGNORECASE,
)
_SECRET_NAMES = frozenset({"auth", "pass", "pw"})
_IN_ADDRESSES = frozenset({"key", "code", "sig", "sid", "assertion"})
"""Names that stand for a grant in an address, and for something harmless elsewhere."""
_USERINFO = re.compile(r"\b([a-z][a-z0-9+.\-]{0,30}:/{2,3})([^\s/?#\"'<>\\]{1,2000})@", re.IGNORECASE)
_PARAMETER = re.compile(r"([?&;#](?:amp;)?|(?:^|[\s,(])(?=[A-Za-z]))([\w.\-%\[\]+]{1,80})=([^&\s\"'<>#;\\,]+)")
_MEMBER = re.compile(r'"([\w.\- ]{1,80})"(\s{0,8}:\s{0,8})"((?:[^"\\]|\\.)+)"')
_ESCAPED_MEMBER = re.compile(r'\\"([\w.\- ]{1,80})\\"(\s{0,8}:\s{0,8})\\"((?:[^"\\]|\\[^"])+)\\"')
_SCHEME = re.compile(
    r"\b(Bearer|Basic|Digest|GenieKey|Splunk|ApiKey|Token(?: token)?)([ =]{1,3})([A-Za-z0-9._~+/=\-]{8,})",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|api-key|x-auth-token)(\s{0,4}[:=]\s{0,4})([^\r\n\"']{1,4000})",
    re.IGNORECASE,
)
_OWN_PATH = re.compile(r"(/(?:password|first-run|a/all|a|t|i|feeds|callbacks/[a-z]+)/)([A-Za-z0-9_\-]{16,})")
_KNOWN = re.compile(
    r"(?<![A-Za-z0-9_\-])(?:"
    r"(?:mst|mfd)_[A-Za-z0-9_\-]{20,}"
    r"|xox[a-z]-[A-Za-z0-9\-]{8,}|xapp-[A-Za-z0-9\-]{8,}"
    r"|gh[a-z]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_\-]{16,}|gl(?:sa|c)_[A-Za-z0-9_=]{16,}"
    r"|AKIA[0-9A-Z]{16}|AIza[A-Za-z0-9_\-]{30,}|whsec_[A-Za-z0-9+/=_\-]{16,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"
    r"|eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)?"
    r"|\d{8,10}:[A-Za-z0-9_\-]{30,}"
    r")"
)
_HOOK = re.compile(
    r"(hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/|"
    r"webhook\.office\.com/|api\.telegram\.org/bot|/hooks/)([^\s\"'<>\\]+)",
    re.IGNORECASE,
)
_PEM = re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)


def secret_name(name: str) -> bool:
    """Whether a field, a label or a parameter of that name is likely to hold a secret."""
    spelt = unquote_plus(name).strip()
    return spelt.lower() in _SECRET_NAMES or _SECRET_NAME.search(spelt) is not None


def mask_path(path: str) -> str:
    """A path of Muster's own without the segments that may be keys, tokens or links; a query is masked as text.

    The template of a route stays as it is.
    """
    path, mark, query = path.partition("?")
    segments = path.split("/")
    place = segments[1] if len(segments) > 1 and not segments[0] else ""
    hidden = [_segment(segment, number, place) for number, segment in enumerate(segments)]
    return "/".join(hidden) + mask_text(mark + query)


def mask_text(text: str) -> str:
    """Free text (also JSON or a log line) without passwords in addresses, parameters and members that name a secret,
    Authorization schemes, and the tokens whose form is known."""
    if len(text) < 4:
        return text
    text = _PEM.sub(rf"\1{HIDDEN}\2", text)
    text = _USERINFO.sub(rf"\1{HIDDEN}@", text)
    text = _HOOK.sub(rf"\1{HIDDEN}", text)
    text = _PARAMETER.sub(_parameter, text)
    text = _MEMBER.sub(_member, text)
    text = _ESCAPED_MEMBER.sub(_escaped_member, text)
    text = _HEADER.sub(rf"\1\2{HIDDEN}", text)
    text = _SCHEME.sub(_scheme, text)
    text = _OWN_PATH.sub(_own_path, text)
    return _KNOWN.sub(HIDDEN, text)


def mask_value(value: Any, name: str = "", *, by_name: bool = True) -> Any:
    """A JSON value with every text in it masked; `by_name` also hides what stands under the name of a secret."""
    if isinstance(value, Mapping):
        return {key: mask_value(inner, str(key), by_name=by_name) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mask_value(inner, name, by_name=by_name) for inner in value]
    if not isinstance(value, str):
        return value
    return HIDDEN if by_name and value and name and secret_name(name) else mask_text(value)


def _parameter(found: re.Match[str]) -> str:
    mark, name, _ = found.groups()
    grant = mark and mark[0] in "?&;#" and unquote_plus(name).lower() in _IN_ADDRESSES
    secret = grant or secret_name(name)
    return f"{mark}{name}={HIDDEN}" if secret else found[0]


def _member(found: re.Match[str]) -> str:
    name, between, _ = found.groups()
    return f'"{name}"{between}"{HIDDEN}"' if secret_name(name) else found[0]


def _escaped_member(found: re.Match[str]) -> str:
    name, between, _ = found.groups()
    return f'\\"{name}\\"{between}\\"{HIDDEN}\\"' if secret_name(name) else found[0]


def _scheme(found: re.Match[str]) -> str:
    scheme, between, credential = found.groups()
    mixed = any(letter.isupper() for letter in credential[1:]) and any(letter.islower() for letter in credential)
    looks = mixed or any(letter.isdigit() or letter == "=" for letter in credential)
    return f"{scheme}{between}{HIDDEN}" if looks else found[0]


def _own_path(found: re.Match[str]) -> str:
    place, segment = found.groups()
    words = len(place) == 3 and _PLAIN_WORDS.fullmatch(segment)
    return found[0] if words else f"{place}{HIDDEN}"


def _segment(segment: str, number: int, place: str) -> str:
    if not segment or _TEMPLATE.fullmatch(segment) or segment == HIDDEN:
        return segment
    always = number == 2 and place in ("password", "first-run", "i")
    below = number > 1 and place in SECRET_PLACES and not _plain(segment)
    return HIDDEN if always or below or _random(segment) else segment


def _plain(segment: str) -> bool:
    return len(segment) < 16 and _PLAIN_WORDS.fullmatch(segment) is not None


def _random(segment: str) -> bool:
    segment = _UUID.sub("", segment)
    if not _LONG.fullmatch(segment):
        return False
    if segment.isalnum() and segment.islower():
        return len(segment) >= 24 and sum(letter.isdigit() for letter in segment) >= 4
    kinds = (str.islower, str.isupper, str.isdigit)
    return sum(any(kind(letter) for letter in segment) for kind in kinds) >= 2 and not _PLAIN_WORDS.fullmatch(segment)
