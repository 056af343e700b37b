"""What somebody wants a calendar to be, and what is wrong with that: one rule for API, manifest and form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from muster.kit.errors import Fault, Invalid
from muster.oncall.calendars.calendar import CalendarKind
from muster.oncall.schedules.notation import shown
from muster.oncall.schedules.reader import Reader
from muster.people.rules import label_faults, name_faults

FIELDS = ("kind", "name", "title", "entries", "url", "text", "organizers")


@dataclass(frozen=True, slots=True)
class CalendarDraft:
    """A calendar named `name` of holidays or of shifts, from the address `url` or with the given iCalendar `text`.

    `organizers` lets the organizer of an event stand for it where it names nobody else.
    """

    name: str
    kind: CalendarKind
    title: str = ""
    url: str = ""
    text: str = ""
    organizers: bool = False


def read_draft(document: object) -> CalendarDraft:
    """Read a calendar from its manifest form: `{name, title, entries: holidays | shifts, url | text}`.

    Raises:
        Invalid: with one fault for each thing that is wrong.
    """
    reader = Reader()
    fields = reader.mapping("calendar", "", document, FIELDS, needed=()) or {}
    if fields.get("kind", "Calendar") != "Calendar":
        reader.fault("kind", f"This is a manifest of the kind {fields['kind']!s:.40}.", "Write kind: Calendar.")
    texts = {key: _text(reader, fields, key) for key in ("name", "title", "url", "text")}
    reader.faults += name_faults("name", texts["name"])
    reader.faults += label_faults("title", texts["title"], "The title", required=False)
    kind = fields.get("entries")
    if kind not in list(CalendarKind):
        rule = f"{shown(kind)} is not what a calendar holds." if kind is not None else "entries is missing."
        reader.fault("entries", rule, "Write entries: holidays or entries: shifts.")
    url = address_of(texts["url"])
    if bool(url) == bool(texts["text"].strip()):
        reader.fault("url", "A calendar has either an address or a text.", "Write url or text, not both.")
    elif url:
        reader.faults += _address_faults(url)
    organizers = fields.get("organizers", False)
    if not isinstance(organizers, bool):
        reader.fault(
            "organizers", f"{shown(organizers)} is neither true nor false.", "Write organizers: true, or leave it out."
        )
    if reader.faults or not isinstance(kind, str):
        raise Invalid("This calendar cannot be used.", faults=reader.faults)
    return CalendarDraft(
        texts["name"], CalendarKind(kind), texts["title"].strip(), url, texts["text"], bool(organizers)
    )


def address_of(url: str) -> str:
    """An address as it is fetched: `webcal:` is how calendars write https."""
    stripped = url.strip()
    return f"https:{stripped[7:]}" if stripped[:7].lower() == "webcal:" else stripped


def host_of(url: str) -> str:
    """Where an address leads, without the secret that its path often is."""
    return urlsplit(url).hostname or ""


def _address_faults(url: str) -> list[Fault]:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= 2000 and url.isprintable()
    except ValueError:
        fine = False
    rule = "This is not the address of a calendar."
    return [] if fine else [Fault("url", rule, "Write it as https://host/path.ics (webcal: works too).")]


def _text(reader: Reader, fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        reader.fault(key, f"{key} is not a text.", "Write it in quotes.")
        return ""
    return value
