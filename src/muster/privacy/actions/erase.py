"""Erasing a person: what was theirs alone goes, what is others' record too keeps a pseudonym, and the ledger stays verifiable."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from muster.base.access import Permission
from muster.base.db.database import take_time
from muster.base.unit import Conn, Unit
from muster.kit.errors import Conflict, Fault, Invalid
from muster.ledger.actions import record
from muster.ledger.actions.redacting import redact
from muster.ledger.event import Event
from muster.ledger.redaction import pattern, spellings
from muster.people.actions.guard import CHANGED, existing_person, keep_an_administrator
from muster.people.happenings import PersonDeactivating
from muster.people.person import Person
from muster.people.store import person_rows
from muster.privacy.events import PERSON_ERASED
from muster.privacy.places import GOES, LONGEST, REFERENCES, STAYS, TEXTS
from muster.privacy.store import names_of

LONGEST_REASON = 2000
_LOG = "Copies that left Muster: backups, exports, logs of the machine, messages that were sent."


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did, or would do: rows by table, entries of the ledger, and words that others bear too."""

    pseudonym: str
    gone: dict[str, int] = field(default_factory=dict)
    renamed: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    shared: tuple[str, ...] = ()

    @property
    def stays(self) -> list[str]:
        """What stays and why, in words."""
        kept = [f"As {self.pseudonym}: {what}." for table, what in STAYS.items() if table in self.renamed]
        shared = [f"“{word}”, wherever it stands: somebody else is called so too." for word in self.shared]
        senders = ["Requests of senders as they were sent, until they have had their time."]
        return [*kept, "The time, the kind and the hash of each entry of the ledger.", *shared, *senders, _LOG]


async def plan_erasure(unit: Unit, name: str, also: Sequence[str] = ()) -> Erased:
    """What erasing would do; nothing is kept of it.

    Raises:
        Missing, Invalid; Conflict: the person cannot be erased.
    """
    async with unit.trial() as trial:
        return await erase_person(trial, name, "A dry run.", also)


async def erase_person(unit: Unit, name: str, reason: str, also: Sequence[str] = ()) -> Erased:
    """Put a pseudonym in the place of somebody who has left; `also` are further words by which they are named.

    Raises:
        Missing; Invalid: there is no reason, or it names them; Conflict: they are still here or still needed.
    """
    unit.allow(Permission.PERSON_MANAGE)
    await take_time(unit.conn)
    person = await existing_person(unit.conn, name, hold=True)
    names, shared = await names_of(unit.conn, person, also)
    await _refuse(unit, person)
    _check(names, reason, also)
    pseudonym = f"erased-{person.id.hex[-12:]}"
    entries = await redact(unit, f"person:{person.id}", names, pseudonym, reason)
    gone = await _let_go(unit, person)
    renamed = await _renamed(unit.conn, person, names, pseudonym)
    await person_rows.erase(unit.conn, person.id, pseudonym, unit.now)
    done = Erased(pseudonym, gone, renamed, entries, tuple(shared))
    data = {"name": pseudonym, "gone": gone, "renamed": renamed, "entries": entries}
    await record(unit, Event(f"person:{person.id}", PERSON_ERASED, data, reason))
    unit.publish(CHANGED, "ledger", "incidents")
    return done


async def _refuse(unit: Unit, person: Person) -> None:
    if person.erased:
        raise Conflict(f"{person.name} was erased already.", "Nothing is left to erase.")
    if person.active:
        await keep_an_administrator(unit.conn, person)
    leaving = PersonDeactivating(person)
    async with unit.trial() as trial:
        await trial.emit(leaving)
    fix = f"Let them go first: muster person deactivate {person.name}"
    objections = [*leaving.objections, *([fix] if person.active else [])]
    if objections:
        still = "still here" if person.active else "still needed"
        raise Conflict(f"{person.full_name} is {still} and cannot be erased.", " ".join(objections))


def _check(names: Sequence[str], reason: str, also: Sequence[str]) -> None:
    faults = []
    if not reason.strip():
        faults.append(Fault("reason", "There is no reason.", "Say why, such as the number of the request."))
    elif len(reason) > LONGEST_REASON:
        faults.append(Fault("reason", "The reason is too long.", f"Use at most {LONGEST_REASON} characters."))
    elif named := next((name for name in names if re.search(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", reason)), ""):
        what = f"The reason names the person ({named}), and the ledger keeps it."
        faults.append(Fault("reason", what, "Name the request instead, such as its number."))
    for place, word in enumerate(also):
        if len(word.strip()) < 2 or len(word) > 200:
            faults.append(Fault(f"also.{place}", f"{word!r:.80} is no name.", "Give a word of 2 to 200 characters."))
    if faults:
        raise Invalid("The person cannot be erased.", faults=faults)


async def _let_go(unit: Unit, person: Person) -> dict[str, int]:
    """Delete what was for the person alone, and empty where they were reached."""
    conn, done = unit.conn, dict[str, int]()

    async def run(place: str, statement: str, *more: object) -> None:
        if many := int((await conn.execute(statement, person.id, *more)).split()[-1]):
            done[place] = done.get(place, 0) + many

    mine = "(SELECT id FROM deliveries WHERE person_id = $1)"
    for reference in await conn.fetch(REFERENCES):
        table, column = reference["table"], reference["column"]
        if table in GOES:
            await run(table, f'DELETE FROM "{table}" WHERE "{column}" = $1')
    boxes = "(SELECT address FROM contacts WHERE person_id = $1 AND kind = 'inbox')"
    others = "(SELECT address FROM contacts WHERE person_id <> $1 AND kind = 'inbox' AND active)"
    await run("inbox_messages", f"DELETE FROM inbox_messages WHERE box IN {boxes} AND box NOT IN {others}")
    await run("contact_proofs", "DELETE FROM contact_proofs USING contacts WHERE contact_id = id AND person_id = $1")
    await run("delivery_receipts", f"DELETE FROM delivery_receipts WHERE delivery_id IN {mine}")
    await run("delivery_attempts", f"DELETE FROM delivery_attempts WHERE delivery_id IN {mine}")
    await run(
        "addresses",
        "UPDATE deliveries SET address = '', provider_id = '' WHERE person_id = $1 AND (address, provider_id) <> ('', '')",
    )
    await run(
        "contacts",
        """UPDATE contacts SET address = 'erased', secret = NULL, active = false, removed_at = coalesce(removed_at, $2)
           WHERE person_id = $1""",
        unit.now,
    )
    return done


async def _renamed(conn: Conn, person: Person, names: Sequence[str], pseudonym: str) -> dict[str, int]:
    """Put the pseudonym in the place of names; returns in how many rows of which tables it stands for them."""
    done: dict[str, int] = {}
    await conn.execute("SELECT set_config('muster.erasing', 'yes', true)")
    kinds = {
        (row["table"], row["column"]): row["kind"]
        for row in await conn.fetch(
            """SELECT attrelid::regclass::text AS "table", attname AS "column", format_type(atttypid, NULL) AS kind
               FROM pg_attribute WHERE attrelid = ANY($1::text[]::regclass[]) AND attnum > 0""",
            list(TEXTS),
        )
    }
    expression, words = pattern(names), spellings(names)
    for table, columns in TEXTS.items():
        sets = ", ".join(f'"{column}" = {_replaced(table, column, kinds[table, column])}' for column in columns)
        found = " OR ".join(f'"{column}"::text ~* $1' for column in columns)
        whole = ", ".join(f'"{column}"::text' for column in columns)
        # Most rows hold none of the words: the slower expression is tried on the others only.
        some = f"EXISTS (SELECT FROM unnest($3::text[]) AS word WHERE strpos(lower(concat_ws(' ', {whole})), lower(word)) > 0)"
        where = f"CASE WHEN {some} THEN {found} ELSE false END"
        status = await conn.execute(f'UPDATE "{table}" SET {sets} WHERE {where}', expression, pseudonym, words)
        many = int(status.split()[-1])
        if many:
            done[table] = many
    await conn.execute(
        """UPDATE plan_versions SET digest = encode(sha256(convert_to(btrim(text, E' \\t\\n\\r\\v\\f'), 'UTF8')), 'hex')
           WHERE strpos(text, $1) > 0""",
        pseudonym,
    )
    await conn.execute("SELECT set_config('muster.erasing', 'no', true)")
    for reference in await conn.fetch(REFERENCES):
        table, column = reference["table"], reference["column"]
        if table in STAYS and (
            many := await conn.fetchval(f'SELECT count(*) FROM "{table}" WHERE "{column}" = $1', person.id)
        ):
            done[table] = max(done.get(table, 0), many)
    return done


def _replaced(table: str, column: str, kind: str) -> str:
    replaced = f"regexp_replace(\"{column}\"::text, $1, $2, 'gi')"
    longest = LONGEST.get((table, column))
    return f"left({replaced}, {longest})" if longest else f"{replaced}::{kind}"
