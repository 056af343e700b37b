"""What a name, an address, a zone and a level must look like: one rule each, used by forms, API and manifests alike."""

import re
from collections.abc import Callable, Sequence

from muster.base.access import Level
from muster.kit.errors import Fault
from muster.kit.localtime import is_zone, zones_like
from muster.kit.nearest import did_you_mean

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
RESERVED = frozenset({"new"})
LEVELS = {level.label: level for level in Level if level is not Level.NOBODY}

_EMAIL = re.compile(r"[^@\s\x00-\x1f<>(),;:\\\"\[\]]+@[^@\s\x00-\x1f<>(),;:\\\"\[\]]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


def name_faults(field: str, name: str) -> list[Fault]:
    """The handle of a person or team: what other parts of the plan refer to."""
    if name in RESERVED:
        return [Fault(field, f"`{name}` is the address of the form for a new one.", "Choose another name.")]
    if NAME.fullmatch(name):
        return []
    rule = (
        "A name has 1 to 63 lower-case letters, digits, dots, dashes or underscores and begins with a letter or digit."
    )
    suggestion = name_from(name)
    return [Fault(field, rule, f"Try `{suggestion}`." if suggestion else "")]


def name_from(text: str) -> str:
    """A name made of what somebody wrote (the part of an e-mail address before the @); empty when nothing is left."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", text.partition("@")[0].strip().lower())
    return plain.strip("._-")[:63]


def label_faults(field: str, text: str, what: str, *, longest: int = 200, required: bool = True) -> list[Fault]:
    """A line of text for people, such as a full name; `what` names it in the sentence."""
    if required and not text.strip():
        return [Fault(field, f"{what} is empty.", "Write one.")]
    if len(text) > longest:
        return [Fault(field, f"{what} has {len(text)} characters; at most {longest} fit.", "Shorten it.")]
    if _UNPRINTABLE.search(text):
        return [Fault(field, f"{what} holds a line break or another control character.", "Write it on one line.")]
    return []


def line(what: str, *, required: bool = False) -> Callable[[str, str], list[Fault]]:
    """The rule of a line of text for people; `what` names it in the sentence."""
    return lambda field, text: label_faults(field, text, what, required=required)


def email_faults(field: str, email: str) -> list[Fault]:
    """An address to sign in with; whether it receives mail is for a contact's proof to show."""
    if len(email) > 254:
        return [Fault(field, "An e-mail address has at most 254 characters.", "Use a shorter one.")]
    if not _EMAIL.fullmatch(email):
        shown = f"`{email:.60}` is not an e-mail address." if email else "The e-mail address is empty."
        return [Fault(field, shown, "Write it as name@host.")]
    return []


def zone_faults(field: str, zone: str) -> list[Fault]:
    """An IANA time zone."""
    if is_zone(zone):
        return []
    near = zones_like(zone)
    fix = f"Did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "Write it as Europe/Lisbon or UTC."
    return [Fault(field, f"`{zone:.60}` is not a time zone of the tz database.", fix)]


def level_faults(field: str, level: str) -> list[Fault]:
    """A permission level by name."""
    if level in LEVELS:
        return []
    return [Fault(field, f"`{level:.40}` is not a permission level.", did_you_mean(level, LEVELS))]


def any_address(kind: str, address: str) -> Sequence[Fault]:
    """The least that any contact must satisfy; what channels know comes on top."""
    faults = []
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", kind):
        faults.append(Fault("kind", f"`{kind:.40}` is not a kind of contact.", "Write it as email, webhook or ntfy."))
    if not address.strip() or len(address) > 2000 or _UNPRINTABLE.search(address):
        faults.append(Fault("address", "An address is one line of 1 to 2000 characters.", "Check what you pasted."))
    return faults
