"""`muster ledger`: read, follow, verify, seal, export."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import cyclopts
import msgspec

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_table
from muster.kit.errors import Fault, Invalid
from muster.ledger.export import kept_seals, verify_export
from muster.ledger.key import parse_key
from muster.ledger.listing import line

app = cyclopts.App(name="ledger", help="The append-only record of everything that happened, and its proof.")
SEAL_COLUMNS = {"number": "seal", "at": "at", "heads": "streams", "hash": "hash"}
POLL_SECONDS = 1.0

PublicKeys = Annotated[list[str], cyclopts.Parameter("--public-key", negative="", help="A key that may have signed.")]
Kept = Annotated[Path | None, cyclopts.Parameter("--kept", help="An earlier export whose seals must still be there.")]


@app.command(name="list")
def list_entries(
    words: str | None = None,
    *,
    stream: str | None = None,
    kind: str | None = None,
    actor: str | None = None,
    since: str | None = None,
    until: str | None = None,
    most: int = 50,
    json: Json = False,
) -> None:
    """List entries, newest first, those with `words` anywhere in them. Times carry a zone, such as 2026-11-22T03:00+01:00."""
    chosen = {"stream": stream, "kind": kind, "actor": actor, "since": since, "until": until, "q": words}
    _emit(list(Client().items("/ledger", most=most, **chosen)), json=json)


@app.command
def show(stream: str, *, most: int = 500, json: Json = False) -> None:
    """List one stream from its beginning."""
    _emit(list(Client().items(f"/ledger/streams/{stream}", most=most)), json=json)


@app.command
def tail(*, lines: int = 20, follow: bool = True, stream: str | None = None, json: Json = False) -> None:
    """Print the newest entries and, until interrupted, those that follow; with --json one object a line."""
    client, show_new = Client(), _print_json_lines if json else _print_lines
    entries = list(client.items("/ledger", most=lines, stream=stream))[:lines][::-1]
    last = entries[-1]["position"] if entries else 0
    show_new(entries)
    with suppress(KeyboardInterrupt):
        while follow:
            time.sleep(POLL_SECONDS)
            entries = list(client.items("/ledger", above=last, stream=stream))
            last = entries[-1]["position"] if entries else last
            show_new(entries)


@app.command
def verify(
    *, export: Path | None = None, public_key: PublicKeys | None = None, kept: Kept = None, json: Json = False
) -> None:
    """Verify every entry and seal, or an exported file with no Muster at hand; exits with 1 if anything is wrong."""
    keys = [parse_key(text, "--public-key") for text in public_key or []]
    seals = _read_kept(kept) if kept else {}
    if export:
        with _open(export, "--export") as file:
            verdict = msgspec.to_builtins(verify_export(file, keys, seals))
        verdict["sound"] = verdict["found"] == 0
    else:
        body = {"public_keys": public_key or [], "kept": {number: hash_.hex() for number, hash_ in seals.items()}}
        verdict = {**Client().post("/ledger/verify", body), "pinned": True}
    _emit_verdict(verdict, json=json)
    if not verdict["sound"]:
        raise SystemExit(1)


@app.command
def export(file: Path, *, json: Json = False) -> None:
    """Write the whole ledger into a file that `verify --export` checks anywhere."""
    draft, size = file.with_name(file.name + ".part"), 0
    try:
        with _create(draft) as target:
            for piece in Client().stream("/ledger/export"):
                size += target.write(piece)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    emit_facts({"file": str(file), "bytes": size}, json=json)


@app.command
def seal(*, reason: str = "", json: Json = False) -> None:
    """Seal everything recorded so far."""
    emit_facts(Client().post("/ledger/seals", {"reason": reason}), json=json)


@app.command
def seals(*, most: int = 50, json: Json = False) -> None:
    """List seals, newest first."""
    emit_table(list(Client().items("/ledger/seals", most=most)), SEAL_COLUMNS, json=json, empty="No seal yet.")


@app.command
def key(*, json: Json = False) -> None:
    """Print the public key that seals are verified with; keep a copy away from this machine."""
    public_key = Client().get("/ledger/key")["public_key"]
    if json:
        emit_facts({"public_key": public_key}, json=True)
    else:
        print(public_key)


def _emit(entries: list[dict[str, Any]], *, json: bool) -> None:
    if json:
        emit_json(entries)
    elif entries:
        _print_lines(entries)
    else:
        print("No entry fits.")


def _print_lines(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        parts = (entry["at"], entry["actor"].get("name", ""), entry["kind"], entry["stream"], line(entry["data"]))
        reason = f"“{entry['reason']}”" if entry["reason"] else ""
        print("  ".join(part for part in (*parts, reason) if part), flush=True)


def _print_json_lines(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        print(msgspec.json.encode(entry).decode(), flush=True)


def _emit_verdict(verdict: dict[str, Any], *, json: bool) -> None:
    if json:
        emit_facts(verdict, json=True)
        return
    print(f"{verdict['entries']} entries in {verdict['streams']} streams, {verdict['seals']} seals.")
    for flaw in verdict["breaks"]:
        print(f"  {flaw['stream']} {flaw['seq']}: {flaw['what']}")
    for redaction in verdict["redactions"]:
        many = len(redaction["positions"])
        why = redaction["reason"] or "no reason given"
        print(
            f"{many} {'entry' if many == 1 else 'entries'} redacted on {redaction['at'][:10]} by {redaction['by']}: {why}"
        )
    if verdict["found"] > len(verdict["breaks"]):
        print(f"  … and {verdict['found'] - len(verdict['breaks'])} more.")
    if verdict["unsealed"]:
        print(f"{verdict['unsealed']} entries are newer than the last seal.")
    if not verdict["pinned"]:
        print(f"Signed by {', '.join(verdict['keys']) or 'nobody'}; name the key that you trust with --public-key.")
    print("Sound: everything is as it was recorded." if verdict["sound"] else f"NOT SOUND: {verdict['found']} breaks.")


def _read_kept(path: Path) -> dict[int, bytes]:
    try:
        with _open(path, "--kept") as file:
            return kept_seals(file)
    except ValueError as error:
        fault = Fault("--kept", f"{path} is no export of a ledger: {error}.", "Give a file that `export` wrote.")
        raise Invalid("The kept seals cannot be read.", faults=[fault]) from error


def _open(path: Path, option: str) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise Invalid("The file cannot be read.", faults=[Fault(option, f"{path}: {error.strerror}.")]) from error


def _create(path: Path) -> Any:
    try:
        return path.open("wb")
    except OSError as error:
        raise Invalid("The file cannot be written.", faults=[Fault("file", f"{path}: {error.strerror}.")]) from error
