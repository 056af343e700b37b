"""The ledger for programs: read, follow, verify, seal, export (R8–R10)."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.budget import EXPORTS, VERIFICATIONS
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Asker, Uses, api_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of
from muster.kit.errors import Missing
from muster.ledger import store
from muster.ledger.actions import exporting, sealing, verifying
from muster.ledger.actions.reading import reader_of
from muster.ledger.entry import Entry
from muster.ledger.flaw import Break
from muster.ledger.key import LedgerKey, key_text, parse_key
from muster.ledger.seal import Seal
from muster.ledger.sight import Reader
from muster.ledger.verification import VerificationResult

FILE_NAME = "muster-ledger.jsonl"
router = api_router("/ledger", "ledger")

Text = Annotated[str | None, Query(max_length=500)]
Number = Annotated[int, Field(ge=0, lt=2**63)]


class EntryOut(BaseModel):
    """One recorded event; `position` orders the ledger, `seq` its stream; hashes are hexadecimal."""

    position: int
    stream: str
    seq: int
    at: datetime
    kind: str
    actor: dict[str, str]
    reason: str
    data: Any
    prev: str
    hash: str

    @classmethod
    def of(cls, entry: Entry, reader: Reader) -> "EntryOut":
        """From the domain value, as the reader may see it."""
        entry = reader.sees(entry)
        return cls(
            position=entry.position,
            stream=entry.stream,
            seq=entry.seq,
            at=entry.at,
            kind=entry.kind,
            actor=entry.who,
            reason=entry.reason,
            data=entry.data,
            prev=entry.prev.hex(),
            hash=entry.hash.hex(),
        )


class SealOut(BaseModel):
    """One seal; `heads` says how many streams it covers anew."""

    number: int
    at: datetime
    heads: int
    prev: str
    root: str
    hash: str
    public_key: str
    signature: str

    @classmethod
    def of(cls, seal: Seal) -> "SealOut":
        """From the domain value."""
        return cls(
            number=seal.number,
            at=seal.at,
            heads=seal.size(),
            prev=seal.prev.hex(),
            root=seal.root.hex(),
            hash=seal.hash.hex(),
            public_key=key_text(seal.public_key),
            signature=seal.signature.hex(),
        )


class RedactionOut(BaseModel):
    """Entries out of which an erased person's names were taken, by whom and why; later entries vouch for what is left."""

    at: datetime
    by: str
    reason: str
    entries: int
    positions: list[int]


class VerdictOut(BaseModel):
    """What a verification found. `breaks` holds the first thousand of the `found`; `unsealed` entries await a seal."""

    sound: bool
    entries: int
    streams: int
    seals: int
    sealed_at: datetime | None
    unsealed: int
    keys: list[str]
    found: int
    breaks: list[Break]
    redactions: list[RedactionOut]

    @classmethod
    def of(cls, verdict: VerificationResult) -> "VerdictOut":
        """From the domain value."""
        redactions = [
            RedactionOut(
                at=redaction.at,
                by=redaction.by,
                reason=redaction.reason,
                entries=redaction.entries,
                positions=list(redaction.positions),
            )
            for redaction in verdict.redactions
        ]
        return cls(
            sound=verdict.sound,
            entries=verdict.entries,
            streams=verdict.streams,
            seals=verdict.seals,
            sealed_at=verdict.sealed_at,
            unsealed=verdict.unsealed,
            keys=list(verdict.keys),
            found=verdict.found,
            breaks=list(verdict.breaks),
            redactions=redactions,
        )


class VerifyIn(BaseModel):
    """Against what to verify, beside this Muster's own key."""

    model_config = ConfigDict(extra="forbid")

    public_keys: Annotated[list[str], Field(max_length=100)] = Field(
        default=[], description="Earlier keys that may have signed seals."
    )
    kept: Annotated[
        dict[Annotated[int, Field(ge=1, lt=2**63)], Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]],
        Field(max_length=100_000),
    ] = Field(default={}, description="Hashes of seals that were kept elsewhere, by number.")


class SealIn(BaseModel):
    """Why the ledger is sealed by hand."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=2000)] = ""


class KeyOut(BaseModel):
    """The public half of the key that signs seals: keep a copy of it away from this machine."""

    public_key: str


@router.get("")
@needs(Permission.LEDGER_READ)
async def list_entries(
    unit: Uses,
    stream: Text = None,
    kind: Text = None,
    actor: Text = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    q: Annotated[str | None, Query(max_length=500, description="Words that stand anywhere in an entry.")] = None,
    above: Annotated[
        Number | None, Query(description="Only entries above this position, and oldest first: to follow along.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[EntryOut]:
    """List entries, newest first."""
    reader = reader_of(unit)
    chosen = store.StoredEntryFilter(stream, kind, actor, since, until, q, unsearched=reader.unsearched)
    cursor = decode(after, int)
    if above is None:
        rows = await store.newest(unit.conn, chosen, limit + 1, cursor[0] if cursor else None)
    else:
        rows = await store.following(unit.conn, chosen, limit + 1, cursor[0] if cursor else above)
    return _page(rows, limit, reader)


@router.get("/streams/{stream:path}")
@needs(Permission.LEDGER_READ)
async def list_stream(
    unit: Uses, stream: Annotated[str, Path(max_length=500)], after: After = None, limit: Limit = 50
) -> Page[EntryOut]:
    """List the entries of one stream, oldest first."""
    cursor = decode(after, int)
    rows = await store.of_stream(unit.conn, stream, cursor[0] if cursor else 0, limit + 1)
    if not rows and not cursor:
        raise Missing("There is no such stream.", "Nothing was ever recorded under that name.")
    kept, following = page_of(rows, limit, lambda entry: (entry.seq,))
    reader = reader_of(unit)
    return Page(items=[EntryOut.of(entry, reader) for entry in kept], next=following)


@router.post("/verify")
@needs(Permission.LEDGER_EXPORT, largest=None, budget=VERIFICATIONS)
async def verify_ledger(unit: Uses, request: Request, body: VerifyIn) -> VerdictOut:
    """Verify every entry and seal, and record that it was done."""
    trusted = [key_of(request).public]
    trusted += [parse_key(text, f"public_keys.{place}") for place, text in enumerate(body.public_keys)]
    kept = {number: bytes.fromhex(text) for number, text in body.kept.items()}
    return VerdictOut.of(await verifying.verify(unit, trusted, kept))


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"description": "JSON lines that verify off-line.", "content": {"application/jsonl": {}}}},
)
@needs(Permission.LEDGER_EXPORT, streams=True, budget=EXPORTS)
async def export_ledger(request: Request, asker: Asker) -> StreamingResponse:
    """Hand out the whole ledger as a file that proves itself."""
    return await export_response(request, asker)


@router.get("/seals")
@needs(Permission.LEDGER_READ)
async def list_seals(unit: Uses, after: After = None, limit: Limit = 50) -> Page[SealOut]:
    """List seals, newest first."""
    cursor = decode(after, int)
    rows = await store.seals(unit.conn, limit + 1, cursor[0] if cursor else None)
    kept, following = page_of(rows, limit, lambda seal: (seal.number,))
    return Page(items=[SealOut.of(seal) for seal in kept], next=following)


@router.post("/seals", status_code=201)
@needs(Permission.LEDGER_SEAL)
async def seal_ledger(unit: Uses, request: Request, body: SealIn) -> SealOut:
    """Seal everything recorded so far."""
    return SealOut.of(await sealing.seal(unit, key_of(request), body.reason))


@router.get("/key")
@needs(Permission.LEDGER_READ)
async def show_key(request: Request) -> KeyOut:
    """Show the public key that seals are verified with."""
    return KeyOut(public_key=key_text(key_of(request).public))


def key_of(request: Request) -> LedgerKey:
    """The key that the composition root has put among the services."""
    return services_of(request).of(LedgerKey)


async def export_response(request: Request, asker: Asker) -> StreamingResponse:
    """The export as a download, recorded before its first byte leaves."""
    database, key = services_of(request).database, key_of(request)
    async with database.unit(asker.principal) as unit:
        await exporting.begin_export(unit)
    pieces: AsyncIterator[bytes] = exporting.export(database, key)
    headers = {"content-disposition": f'attachment; filename="{FILE_NAME}"'}
    return StreamingResponse(pieces, media_type="application/jsonl", headers=headers)


def _page(rows: list[Entry], limit: int, reader: Reader) -> Page[EntryOut]:
    kept, following = page_of(rows, limit, lambda entry: (entry.position,))
    return Page(items=[EntryOut.of(entry, reader) for entry in kept], next=following)
