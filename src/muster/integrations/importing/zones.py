"""Time zones as other tools write them: IANA names, and the names that Rails and Windows give to them."""

from muster.integrations.importing.report import Note
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
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
}


def zone_of(written: str, note: Note, otherwise: str = "UTC") -> str:
    """The IANA zone that is meant; `otherwise`, with a loss, where nobody can tell."""
    if not written:
        return otherwise
    if is_zone(written):
        return written
    known = _OTHERS.get(written.lower())
    if known and is_zone(known):
        return known
    same_city = [
        each for each in zones_like(written) if each.lower().rsplit("/", 1)[-1] == written.lower().replace(" ", "_")
    ]
    if len(same_city) == 1:
        return same_city[0]
    note.lose(f"`{written:.60}` is not a time zone that Muster knows, so {otherwise} is taken; put it right.")
    return otherwise
