"""Which Apprise addresses Muster hands on: services of a list, each with the options of a list, spelt plainly (pure).

Apprise opens files and connections by itself. A list of what is bad would have to know every spelling that Apprise reads, so this
is one of what is good: a service stands here if its host is its vendor's, or is one that the guard can judge.
"""

import re
from urllib.parse import unquote

from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean

_ADDRESS = re.compile(r"([a-z0-9]{1,30})://([^\s?]{0,1000})(?:\?([^\s?]{0,1000}))?", re.IGNORECASE)
_NAME = re.compile(r"[a-z_]{1,30}")
_COMMON = frozenset({"format", "overflow", "emojis", "tz", "retry", "wait", "rto", "cto", "to"})
_SMS = frozenset({"from", "batch", "source", "unicode"})
_ALERTS = frozenset(
    {"action", "alias", "batch", "class", "dedup", "entity", "group", "priority", "region", "severity", "tags"}
)

VENDORS: dict[str, frozenset[str]] = {
    "discord": frozenset({"avatar", "fields", "flags", "footer", "footer_logo", "ping", "thread", "tts"}),
    "gchat": frozenset({"key", "thread", "token", "workspace"}),
    "groupme": frozenset({"bot_id", "token"}),
    "slack": frozenset({"blocks", "footer", "mode", "timestamp", "token"}),
    "tgram": frozenset({"mdv", "preview", "silent", "thread", "topic"}),
    "twist": frozenset(),
    "webex": frozenset({"mode", "token"}),
    "wxteams": frozenset({"mode", "token"}),
    "zoom": frozenset({"mode", "token"}),
    "flock": frozenset(),
    "line": frozenset(),
    "lark": frozenset(),
    "feishu": frozenset({"token"}),
    "dingtalk": frozenset({"secret", "token"}),
    "wecombot": frozenset({"key"}),
    "viber": frozenset({"from", "token"}),
    "whatsapp": frozenset({"from", "lang", "token"}),
    "threema": frozenset({"from", "gwid", "secret"}),
    "pover": frozenset({"expire", "interval", "key", "priority", "sound"}),
    "pbul": frozenset(),
    "prowl": frozenset({"priority"}),
    "pushed": frozenset(),
    "pushy": frozenset({"badge", "key", "sound"}),
    "join": frozenset({"priority"}),
    "ifttt": frozenset(),
    "opsgenie": _ALERTS,
    "pagerduty": _ALERTS,
    "pagertree": _ALERTS,
    "squadcast": _ALERTS | {"key"},
    "signl4": _ALERTS | {"service", "location", "alerting_scenario", "filtering", "external_id", "status"},
    "splunk": _ALERTS | {"apikey", "entity_id", "route", "routing_key"},
    "victorops": _ALERTS | {"apikey", "entity_id", "route", "routing_key"},
    "spike": frozenset(),
    "46elks": _SMS,
    "bulksms": _SMS | {"route"},
    "clickatell": _SMS | {"apikey"},
    "clicksend": _SMS | {"key"},
    "d7sms": _SMS,
    "freemobile": frozenset(),
    "msgbird": _SMS,
    "nexmo": _SMS | {"key", "secret", "ttl"},
    "vonage": _SMS | {"key", "secret", "ttl"},
    "plivo": _SMS | {"id", "token"},
    "seven": _SMS | {"flash", "label"},
    "telnyx": _SMS | {"key", "profile"},
    "twilio": _SMS | {"apikey", "method", "sid", "token"},
    "voipms": _SMS,
}
"""Services whose host is their vendor's, with the options of each beyond the common ones."""

CHOSEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(("json", "jsons", "xml", "xmls", "form", "forms"), frozenset({"method"})),
    **dict.fromkeys(("gotify", "gotifys"), frozenset({"priority"})),
    **dict.fromkeys(("ntfy", "ntfys"), frozenset({"auth", "mode", "priority", "tags", "token"})),
}
"""Services whose one host the address names."""

_EXAMPLE = "Write it like discord://webhook-id/webhook-token."


def schema_of(address: str) -> str:
    """The service that an address names, in lower case; empty where it names none."""
    return address.partition("://")[0].lower() if "://" in address else ""


def address_fault(address: str) -> Fault | None:
    """What keeps Muster from handing an address to Apprise."""
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        return Fault("address", "This is no Apprise URL.", f"{_EXAMPLE} It has no space and at most one `?`.")
    schema, place = parts[1].lower(), parts[2]
    known = {**VENDORS, **CHOSEN}
    if schema not in known:
        rule = f"Muster does not know the service `{schema}`, or does not use it because it reads files or calls other hosts."
        return Fault("address", rule, did_you_mean(schema, list(known)) or f"Use one of {', '.join(VENDORS)}.")
    if any(ord(letter) < 32 for letter in unquote(place)):
        return Fault("address", "The address holds a control character.", "Copy it again.")
    return options_fault(schema, [part.partition("=")[0] for part in re.split("[&;]", parts[3] or "") if part])


def options_fault(schema: str, names: list[str]) -> Fault | None:
    """What is wrong with the options of an address, by their names as they are spelt."""
    allowed = _COMMON | VENDORS.get(schema, frozenset()) | CHOSEN.get(schema, frozenset())
    for name in names:
        if not _NAME.fullmatch(name) or name not in allowed:
            fix = did_you_mean(name, sorted(allowed)) or f"Leave it out. Allowed: {', '.join(sorted(allowed))}."
            return Fault("address", f"`{name:.40}` is no option of `{schema}` that Muster passes on.", fix)
    return None
