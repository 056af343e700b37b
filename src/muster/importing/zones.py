"""Time zones as other tools write them: IANA names, and the names that Rails and Windows give to them."""

import re

from muster.importing.report import ImportNote
from muster.kit.localtime import is_zone, zones_like

_OTHERS = {
    "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "arizona": "America/Phoenix",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "atlantic time (canada)": "America/Halifax",
    "brasilia": "America/Sao_Paulo",
    "buenos aires": "America/Argentina/Buenos_Aires",
    "edinburgh": "Europe/London",
    "bern": "Europe/Zurich",
    "kyiv": "Europe/Kiev",
    "new delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "chennai": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "osaka": "Asia/Tokyo",
    "canberra": "Australia/Sydney",
    "wellington": "Pacific/Auckland",
    "us/pacific-new": "America/Los_Angeles",
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
}

_OFFSET = re.compile(r"(?:GMT|UTC|Z)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_LABELLED = re.compile(r"\((?:GMT|UTC)\s*(?:[+-]\s*\d{1,2}(?::?\d\d)?)?\)\s*(.+)", re.IGNORECASE)
_FRACTIONS = {
    210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata", 345: "Asia/Kathmandu", 390: "Asia/Yangon",
    525: "Australia/Eucla", 570: "Australia/Darwin", -570: "Pacific/Marquesas",
}  # fmt: skip
"""Zones without summer time, by their minutes east of Greenwich."""


def _fixed(written: str) -> str:
    """The zone of an offset such as `GMT+1` or `+05:30`; empty where there is none. `+` is east, unlike in `Etc/GMT+1`."""
    read = _OFFSET.fullmatch(written)
    if read is None:
        return ""
    minutes = (int(read[2]) * 60 + int(read[3] or 0)) * (1 if read[1] == "+" else -1)
    if minutes % 60:
        return _FRACTIONS.get(minutes, "")
    hours = minutes // 60
    return ("UTC" if not hours else f"Etc/GMT{-hours:+d}") if -12 <= hours <= 14 else ""


def _labelled(written: str) -> str:
    """The zone of a label for people, such as `(GMT+09:00) Osaka, Sapporo, Tokyo`: that of its cities, where they agree."""
    read = _LABELLED.fullmatch(written)
    if read is None:
        return ""
    cities = {zone for city in re.split(r",\s*|\s+and\s+", read[1]) if (zone := _named(city))}
    return cities.pop() if len(cities) == 1 else ""


def _named(written: str) -> str:
    known = _OTHERS.get(written.lower(), "")
    if known and is_zone(known):
        return known
    wanted = written.lower().replace(" ", "_")
    alike = [zone for zone in zones_like(written) if zone.lower().rsplit("/", 1)[-1] == wanted]
    return alike[0] if len(alike) == 1 else ""


def zone_of(written: str, note: ImportNote, otherwise: str = "UTC") -> str:
    """The IANA zone that is meant; `otherwise`, with a loss, where nobody can tell."""
    if not written:
        return otherwise
    if is_zone(written):
        return written
    if zone := _fixed(written.strip()) or _labelled(written.strip()) or _named(written.strip()):
        return zone
    note.lose(f"`{written:.60}` is not a time zone that Muster knows, so {otherwise} is taken; put it right.")
    return otherwise
