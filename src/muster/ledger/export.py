"""The ledger as a file of JSON lines that proves itself: a heading, all seals, all entries, a signed end (R10).

Each line is compact JSON with its fields in a fixed order, so any byte that changes is found. Hashes are hexadecimal;
`actor`, `body` and `heads` are JSON kept as text, because their exact bytes are what was hashed.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from muster.ledger import line as spell
from muster.ledger.canon import digest, instant
from muster.ledger.entry import Entry
from muster.ledger.flaw import FILE, Break, Damage
from muster.ledger.key import LedgerKey, key_text, signed_by
from muster.ledger.line import End, EntryLine, Heading, Line, SealLine
from muster.ledger.seal import Seal
from muster.ledger.verification import Verification, VerificationResult

FORMAT = 1
TAG = b"muster.ledger.export.v1"
ABOUT = "Verify with: muster ledger verify --export FILE --public-key KEY"


class ExportWriter:
    """Gives the file line by line, each with its newline."""

    def __init__(self, key: LedgerKey) -> None:
        self._key, self._digest, self._seals, self._entries = key, sha256(), 0, 0

    def heading(self, now: datetime) -> bytes:
        """The first line."""
        return self._line(Heading(FORMAT, instant(now), key_text(self._key.public), ABOUT))

    def seal(self, seal: Seal) -> bytes:
        """A seal; all come before the first entry."""
        self._seals += 1
        return self._line(spell.seal_line(seal))

    def entry(self, entry: Entry) -> bytes:
        """An entry; they come by position."""
        self._entries += 1
        return self._line(spell.entry_line(entry))

    def end(self) -> bytes:
        """The last line."""
        whole = self._digest.digest()
        signature = self._key.sign(digest(TAG, whole))
        return self._line(End(self._seals, self._entries, whole.hex(), key_text(self._key.public), signature.hex()))

    def _line(self, line: Line) -> bytes:
        raw = spell.write_line(line)
        self._digest.update(raw)
        return raw


class ExportReader:
    """Verifies a file, line by line; `trusted` and `kept` as for `Verification`."""

    def __init__(self, trusted: Collection[bytes] = (), kept: Mapping[int, bytes] | None = None) -> None:
        self._verification = Verification(trusted, kept)
        self._digest, self._number, self._seals, self._entries = sha256(), 0, 0, 0
        self._ended = False

    def feed(self, raw: bytes) -> None:
        """Take one line with its newline."""
        self._number += 1
        if self._ended:
            self._note(Damage.MISPLACED, "There is something after the end.")
            return
        try:
            self._take(spell.read_line(raw))
        except ValueError as error:
            self._note(Damage.UNREADABLE, f"The line is not as Muster wrote it: {error}.")
        self._digest.update(raw)

    def finish(self) -> VerificationResult:
        """The verdict on the whole file."""
        if not self._ended:
            self._number += 1
            self._note(Damage.TRUNCATED, "The file has no end: a part of it is missing.")
        return self._verification.finish()

    def _take(self, line: Line) -> None:
        if isinstance(line, Heading) != (self._number == 1):
            self._note(Damage.MISPLACED, "The heading must be the first line, and only that.")
        match line:
            case Heading(format=number) if number != FORMAT:
                raise ValueError(f"it has format {number}, and this Muster reads format {FORMAT}")
            case SealLine():
                self._seals += 1
                if self._entries:
                    self._note(Damage.MISPLACED, "A seal stands after an entry.")
                self._verification.add_seal(spell.seal_of(line))
            case EntryLine():
                self._entries += 1
                self._verification.add_entry(spell.entry_of(line))
            case End():
                self._end(line)

    def _end(self, line: End) -> None:
        self._ended = True
        public, signature = spell.read_key(line.public_key), spell.read_hex(line.signature)
        if (line.seals, line.entries) != (self._seals, self._entries):
            what = (
                f"It names {line.seals} seals and {line.entries} entries; there are {self._seals} and {self._entries}."
            )
            self._note(Damage.TRUNCATED, what)
        if line.digest != self._digest.hexdigest():
            self._note(Damage.ALTERED, "The file is not the one that was signed at its end: a byte was altered.")
        if not signed_by(public, signature, digest(TAG, spell.read_hex(line.digest))):
            self._note(Damage.FORGED, "The signature at the end is false.")
        if not self._verification.trusts(public):
            self._note(Damage.UNTRUSTED, f"The file was signed by {line.public_key}, which is not trusted.")

    def _note(self, flaw: Damage, what: str) -> None:
        self._verification.note(Break(FILE, self._number, flaw, what))


def verify_export(
    lines: Iterable[bytes], trusted: Collection[bytes] = (), kept: Mapping[int, bytes] | None = None
) -> VerificationResult:
    """Judge an exported file given as lines with their newlines; needs no database (R10)."""
    reader = ExportReader(trusted, kept)
    for line in lines:
        reader.feed(line)
    return reader.finish()


def kept_seals(lines: Iterable[bytes]) -> dict[int, bytes]:
    """The hashes of the seals in an earlier export, or in a file of seals alone, by number.

    Raises:
        ValueError: a line is not one of an export.
    """
    found = {}
    for raw in lines:
        line = spell.read_line(raw)
        if isinstance(line, SealLine):
            found[line.number] = spell.read_hex(line.hash)
        elif isinstance(line, EntryLine):
            break
    return found
