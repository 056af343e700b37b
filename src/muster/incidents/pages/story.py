"""The timeline of an incident's page: a chapter of it, a hundred entries at a time, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.forms import address
from muster.base.web.typed import Tab
from muster.incidents.incident import Incident
from muster.incidents.pages.rows import url_of
from muster.incidents.timeline import EVERYTHING, TimelineRow, counted, kinds_in, row
from muster.ledger import store as ledger
from muster.ledger.event_kind import EventKind, by_name

PAGE = 100


@dataclass(frozen=True, slots=True)
class Story:
    """The entries of the `chosen` chapter; `newer` and `older` are where it goes on."""

    chapters: Sequence[Tab]
    chosen: str
    entries: Sequence[TimelineRow]
    total: int
    newer: str
    older: str


async def story(unit: Unit, incident: Incident, chapter: str, after: str) -> Story:
    """A chapter of the timeline, behind the cursor `after`."""
    kinds = unit.ports.of(EventKind)
    named = by_name(kinds)
    counts = counted(await ledger.kinds_of(unit.conn, incident.stream), kinds)
    chapter = chapter if chapter in counts else EVERYTHING
    cursor = decode(after or None, int)
    chosen = ledger.StoredEntryFilter(stream=incident.stream, kinds=kinds_in(chapter, kinds))
    newest = await ledger.newest(unit.conn, chosen, PAGE + 1, cursor[0] if cursor else None)
    entries, following = page_of(newest, PAGE, lambda entry: (entry.position,))
    here = url_of(incident)
    query = {"show": chapter if chapter != EVERYTHING else ""}
    return Story(
        chapters=[
            Tab(name, address(here, {"show": name if name != EVERYTHING else ""}), count)
            for name, count in counts.items()
        ],
        chosen=chapter,
        entries=[row(entry, named) for entry in entries],
        total=counts[chapter],
        newer=address(here, query) if cursor else "",
        older=address(here, {**query, "after": following}) if following else "",
    )
