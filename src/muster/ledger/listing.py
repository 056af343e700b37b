"""Entries as people read them: words for kinds, one line for what an event carries, rows of a table or a CSV file."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from muster.ledger.canon import instant
from muster.ledger.entry import Entry

LONGEST_LINE = 160
# Where the subject of a stream has its page: the addresses are the same for every Muster.
SUBJECTS = {"incident": "/incidents/", "alert": "/alerts/", "person": "/settings/people/"}
_COLUMNS = ("position", "at", "stream", "seq", "kind", "actor", "reason", "data", "hash")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def words(kind: str) -> str:
    """`IncidentAcknowledged` as `Incident acknowledged`."""
    return " ".join(_WORD.split(kind)).capitalize()


def line(data: Any) -> str:
    """What an event carries, on one line, cut where it grows long."""
    if isinstance(data, Mapping):
        parts = [
            f"{key.replace('_', ' ')}: {_short(value)}"
            for key, value in data.items()
            if value not in ("", None, [], {})
        ]
        data = " · ".join(parts)
    whole = _short(data)
    return whole if len(whole) <= LONGEST_LINE else whole[: LONGEST_LINE - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as a template shows it."""

    position: int
    what: str
    kind: str
    at: datetime
    who: str
    who_kind: str
    via: str
    stream: str
    seq: int
    reason: str
    line: str
    json: str
    hash: str
    prev: str

    @property
    def url(self) -> str:
        """Its own page."""
        return f"/ledger/entries/{self.position}"

    @property
    def stream_url(self) -> str:
        """The page of its stream."""
        return f"/ledger/streams/{quote(self.stream, safe=':')}"

    @property
    def subject_url(self) -> str:
        """The page of what it is about; empty where that has none."""
        return subject_url(self.stream)


def row(entry: Entry) -> EntryRow:
    """An entry as a template shows it."""
    who = entry.who
    return EntryRow(
        position=entry.position,
        what=words(entry.kind),
        kind=entry.kind,
        at=entry.at,
        who=who.get("name", ""),
        who_kind=who.get("kind", ""),
        via=who.get("via", ""),
        stream=entry.stream,
        seq=entry.seq,
        reason=entry.reason,
        line=line(entry.data),
        json=json.dumps(entry.data, indent=2, ensure_ascii=False),
        hash=entry.hash.hex(),
        prev=entry.prev.hex(),
    )


def subject_url(stream: str) -> str:
    """The page of what a stream is about; empty where it has none."""
    kind, _, name = stream.partition(":")
    return SUBJECTS[kind] + quote(name, safe="") if name and kind in SUBJECTS else ""


def csv_text(entries: Iterable[Entry]) -> str:
    """Entries as a CSV file that no spreadsheet takes for formulas."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for entry in entries:
        cells = (
            *(str(entry.position), instant(entry.at), entry.stream, str(entry.seq), entry.kind),
            *(entry.who.get("name", ""), entry.reason, entry.body, entry.hash.hex()),
        )
        writer.writerow(["'" + cell if cell.startswith(_FORMULA) else cell for cell in cells])
    return file.getvalue()


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(str(value).split())
