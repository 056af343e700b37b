"""The ledger in the browser: look through it, verify it, seal it, take a copy."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from muster.base.access import Permission
from muster.base.web.budget import EXPORTS, VERIFICATIONS
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Asker, Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Fault, Invalid, Missing
from muster.kit.localtime import to_instant
from muster.ledger import store
from muster.ledger.actions import redacting, sealing, verifying
from muster.ledger.actions.reading import reader_of
from muster.ledger.api import export_response, key_of
from muster.ledger.events import LEDGER_VERIFIED
from muster.ledger.key import key_text
from muster.ledger.listing import csv_text, row, subject_url, words
from muster.ledger.sight import Reader

PAGE, MOST_CSV = 50, 10_000
TOPICS = ["ledger"]
router = page_router()

Text = Annotated[str, Query(max_length=500)]


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
    filters = {"q": q, "stream": stream, "kind": kind, "actor": actor, "since": since, "until": until}
    verified = await store.newest(unit.conn, store.Filter(kind=LEDGER_VERIFIED.name), 1)
    return render(
        request,
        "ledger/list.html",
        rows=[row(reader.sees(entry)) for entry in kept],
        filters=filters,
        kinds=[(each, words(each)) for each in await store.kinds(unit.conn)],
        following=_address("/ledger", {**filters, "after": following}) if following else "",
        previous=_address("/ledger", filters) if cursor else "",
        csv=_address("/ledger.csv", filters),
        verified=_verified(verified[0]) if verified else None,
        seal=next(iter(await store.seals(unit.conn, 1)), None),
        public_key=key_text(key_of(request).public),
        topics=TOPICS,
    )


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
    found = await store.following(unit.conn, store.Filter(), 1, position - 1)
    if not found or found[0].position != position:
        raise Missing("There is no such entry.", f"Nothing stands at position {position} of the ledger.")
    entry = found[0]
    sound = entry.expected_hash() == entry.hash
    return render(
        request,
        "ledger/entry.html",
        entry=row(reader_of(unit).sees(entry)),
        sound=sound,
        redacted=None if sound else await redacting.voucher_of(unit.conn, entry),
    )


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
    return render(
        request,
        "ledger/stream.html",
        stream=stream,
        subject_url=subject_url(stream),
        rows=[row(reader.sees(entry)) for entry in kept],
        following=_address(request.url.path, {"after": following}) if following else "",
        topics=TOPICS,
    )


@router.get("/ledger/seals")
@needs(Permission.LEDGER_READ)
async def seals_page(unit: Uses, request: Request, after: Text = "") -> Response:
    """Show the seals, newest first."""
    cursor = decode(after or None, int)
    found = await store.seals(unit.conn, PAGE + 1, cursor[0] if cursor else None)
    kept, following = page_of(found, PAGE, lambda seal: (seal.number,))
    rows = [{"number": each.number, "at": each.at, "streams": each.size(), "hash": each.hash.hex()} for each in kept]
    older = _address("/ledger/seals", {"after": following}) if following else ""
    newer = "/ledger/seals" if cursor else ""
    return render(request, "ledger/seals.html", rows=rows, following=older, previous=newer, topics=TOPICS)


@router.post("/ledger/verify")
@needs(Permission.LEDGER_EXPORT, budget=VERIFICATIONS)
async def verify(unit: Uses, request: Request) -> Response:
    """Verify everything; the result is an entry, and stands on the ledger's page."""
    await verifying.verify(unit, [key_of(request).public])
    return RedirectResponse("/ledger", 303)


@router.post("/ledger/seals")
@needs(Permission.LEDGER_SEAL)
async def seal(unit: Uses, request: Request, reason: Annotated[str, Form(max_length=2000)] = "") -> Response:
    """Seal everything recorded so far."""
    await sealing.seal(unit, key_of(request), reason)
    return RedirectResponse("/ledger", 303)


@router.get("/ledger/export")
@needs(Permission.LEDGER_EXPORT, streams=True, budget=EXPORTS)
async def export(request: Request, asker: Asker) -> StreamingResponse:
    """Download the whole ledger as a file that proves itself."""
    return await export_response(request, asker)


def _filter(
    request: Request, reader: Reader, q: str, stream: str, kind: str, actor: str, since: str, until: str
) -> store.Filter:
    zone = request.state.view.zone
    start, end = _midnight("since", since, zone), _midnight("until", until, zone, days=1)
    return store.Filter(
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


def _verified(entry: Any) -> dict[str, Any]:
    data = entry.data if isinstance(entry.data, dict) else {}
    return {
        "sound": False,
        "found": 0,
        "entries": 0,
        "seals": 0,
        "unsealed": 0,
        "redacted": 0,
        "first": [],
        **data,
        **row(entry),
    }


def _address(path: str, query: Mapping[str, str | None]) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
