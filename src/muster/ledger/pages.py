"""The ledger in the browser: look through it, verify it, seal it, take a copy."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import Form, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from muster.base.access import Permission
from muster.base.web.budget import EXPORTS, VERIFICATIONS
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Asker, Uses, page_router
from muster.base.web.forms import address, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid, Missing
from muster.kit.localtime import to_instant
from muster.ledger import store
from muster.ledger.actions import redacting, sealing, verifying
from muster.ledger.actions.reading import reader_of
from muster.ledger.api import export_response, key_of
from muster.ledger.entry import Entry
from muster.ledger.events import LEDGER_VERIFIED
from muster.ledger.key import key_text
from muster.ledger.listing import EntryRow, csv_text, row, subject_url, words
from muster.ledger.seal import Seal
from muster.ledger.sight import Reader

PAGE, MOST_CSV = 50, 10_000
TOPICS = ("ledger",)
router = page_router()

Text = Annotated[str, Query(max_length=500)]


@dataclass(frozen=True, slots=True)
class LastVerification:
    """What the newest verification found; `first` are the first sentences of the `found` places that are not as recorded."""

    sound: bool
    found: int
    entries: int
    seals: int
    unsealed: int
    redacted: int
    first: Sequence[str]
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What the list is narrowed to, as typed."""

    q: str
    stream: str
    kind: str
    actor: str
    since: str
    until: str


@template("ledger/list.html")
@dataclass(frozen=True, slots=True)
class EntryList:
    """The ledger, newest first. `kinds` (name, words) are there to choose from."""

    rows: Sequence[EntryRow]
    filters: EntryFilter
    kinds: Sequence[tuple[str, str]]
    previous: str
    following: str
    csv: str
    verified: LastVerification | None
    seal: Seal | None
    public_key: str
    topics: Sequence[str] = TOPICS


@template("ledger/entry.html")
@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry; `sound` says whether its hash still fits, `redacted` is the entry that vouches for it where it does not."""

    entry: EntryRow
    sound: bool
    redacted: Entry | None


@template("ledger/stream.html")
@dataclass(frozen=True, slots=True)
class StreamPage:
    """One stream, oldest first."""

    stream: str
    subject_url: str
    rows: Sequence[EntryRow]
    following: str
    topics: Sequence[str] = TOPICS


@dataclass(frozen=True, slots=True)
class SealRow:
    """One seal; `streams` is how many moved since the one before."""

    number: int
    at: datetime
    streams: int
    hash: str


@template("ledger/seals.html")
@dataclass(frozen=True, slots=True)
class SealList:
    """The seals, newest first."""

    rows: Sequence[SealRow]
    previous: str
    following: str
    topics: Sequence[str] = TOPICS


@router.get("/ledger")
@needs(Permission.LEDGER_READ)
async def ledger_page(
    unit: Uses,
    request: Request,
    q: Text = "",
    stream: Text = "",
    kind: Text = "",
    actor: Text = "",
    since: Text = "",
    until: Text = "",
    after: Text = "",
) -> Response:
    """Show entries, newest first, and how the ledger was last proven."""
    reader = reader_of(unit)
    chosen = _filter(request, reader, q, stream, kind, actor, since, until)
    cursor = decode(after or None, int)
    found = await store.newest(unit.conn, chosen, PAGE + 1, cursor[0] if cursor else None)
    kept, following = page_of(found, PAGE, lambda entry: (entry.position,))
    filters = EntryFilter(q, stream, kind, actor, since, until)
    verified = await store.newest(unit.conn, store.StoredEntryFilter(kind=LEDGER_VERIFIED.name), 1)
    page = EntryList(
        rows=[row(reader.sees(entry)) for entry in kept],
        filters=filters,
        kinds=[(kind, words(kind)) for kind in await store.kinds(unit.conn)],
        following=address("/ledger", {**asdict(filters), "after": following}) if following else "",
        previous=address("/ledger", asdict(filters)) if cursor else "",
        csv=address("/ledger.csv", asdict(filters)),
        verified=_last_verification(verified[0]) if verified else None,
        seal=next(iter(await store.seals(unit.conn, 1)), None),
        public_key=key_text(key_of(request).public),
    )
    return render(request, page)


@router.get("/ledger.csv")
@needs(Permission.LEDGER_READ, budget=EXPORTS)
async def ledger_csv(
    unit: Uses,
    request: Request,
    q: Text = "",
    stream: Text = "",
    kind: Text = "",
    actor: Text = "",
    since: Text = "",
    until: Text = "",
) -> Response:
    """The newest ten thousand entries that fit the filter, as CSV."""
    reader = reader_of(unit)
    chosen = _filter(request, reader, q, stream, kind, actor, since, until)
    entries = await store.newest(unit.conn, chosen, MOST_CSV)
    headers = {"content-disposition": 'attachment; filename="muster-ledger.csv"'}
    return Response(csv_text(reader.sees(entry) for entry in entries), media_type="text/csv", headers=headers)


@router.get("/ledger/entries/{position}")
@needs(Permission.LEDGER_READ)
async def entry_page(unit: Uses, request: Request, position: Annotated[int, Path(ge=0, lt=2**63)]) -> Response:
    """Show one entry with everything that its hash covers."""
    found = await store.following(unit.conn, store.StoredEntryFilter(), 1, position - 1)
    if not found or found[0].position != position:
        raise Missing("There is no such entry.", f"Nothing stands at position {position} of the ledger.")
    entry = found[0]
    sound = entry.expected_hash() == entry.hash
    redacted = None if sound else await redacting.voucher_of(unit.conn, entry)
    return render(request, EntryPage(row(reader_of(unit).sees(entry)), sound, redacted))


@router.get("/ledger/streams/{stream:path}")
@needs(Permission.LEDGER_READ)
async def stream_page(
    unit: Uses, request: Request, stream: Annotated[str, Path(max_length=500)], after: Text = ""
) -> Response:
    """Show one stream from its beginning."""
    cursor = decode(after or None, int)
    found = await store.of_stream(unit.conn, stream, cursor[0] if cursor else 0, PAGE + 1)
    if not found and not cursor:
        raise Missing("There is no such stream.", "Nothing was ever recorded under that name.")
    kept, following = page_of(found, PAGE, lambda entry: (entry.seq,))
    reader = reader_of(unit)
    newer = address(request.url.path, {"after": following}) if following else ""
    return render(request, StreamPage(stream, subject_url(stream), [row(reader.sees(entry)) for entry in kept], newer))


@router.get("/ledger/seals")
@needs(Permission.LEDGER_READ)
async def seals_page(unit: Uses, request: Request, after: Text = "") -> Response:
    """Show the seals, newest first."""
    cursor = decode(after or None, int)
    found = await store.seals(unit.conn, PAGE + 1, cursor[0] if cursor else None)
    kept, following = page_of(found, PAGE, lambda seal: (seal.number,))
    rows = [SealRow(seal.number, seal.at, seal.size(), seal.hash.hex()) for seal in kept]
    older = address("/ledger/seals", {"after": following}) if following else ""
    return render(request, SealList(rows, "/ledger/seals" if cursor else "", older))


@router.post("/ledger/verify")
@needs(Permission.LEDGER_EXPORT, budget=VERIFICATIONS)
async def verify(unit: Uses, request: Request) -> Response:
    """Verify everything; the result is an entry, and stands on the ledger's page."""
    await verifying.verify(unit, [key_of(request).public])
    return see_other("/ledger")


@router.post("/ledger/seals")
@needs(Permission.LEDGER_SEAL)
async def seal(unit: Uses, request: Request, reason: Annotated[str, Form(max_length=2000)] = "") -> Response:
    """Seal everything recorded so far."""
    await sealing.seal(unit, key_of(request), reason)
    return see_other("/ledger")


@router.get("/ledger/export")
@needs(Permission.LEDGER_EXPORT, streams=True, budget=EXPORTS)
async def export(request: Request, asker: Asker) -> StreamingResponse:
    """Download the whole ledger as a file that proves itself."""
    return await export_response(request, asker)


def _filter(
    request: Request, reader: Reader, q: str, stream: str, kind: str, actor: str, since: str, until: str
) -> store.StoredEntryFilter:
    zone = request.state.view.zone
    start, end = _midnight("since", since, zone), _midnight("until", until, zone, days=1)
    return store.StoredEntryFilter(
        stream or None, kind or None, actor.strip() or None, start, end, q.strip() or None, unsearched=reader.unsearched
    )


def _midnight(field: str, text: str, zone: str, days: int = 0) -> datetime | None:
    if not text:
        return None
    try:
        return to_instant(datetime.combine(date.fromisoformat(text), time.min) + timedelta(days), zone)
    except (ValueError, OverflowError):
        fault = Fault(field, f"{text!r} is not a day.", "Write it as 2026-11-22.")
        raise Invalid("The filter cannot be read.", faults=[fault]) from None


def _last_verification(entry: Entry) -> LastVerification:
    data = entry.data if isinstance(entry.data, dict) else {}
    counts = {name: data.get(name, 0) for name in ("found", "entries", "seals", "unsealed", "redacted")}
    who = entry.who.get("name", "")
    return LastVerification(**counts, sound=data.get("sound", False), first=data.get("first", []), at=entry.at, who=who)
