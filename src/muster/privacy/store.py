"""By which words a person is found: what they are called now, what they were called before, and where they were reached."""

from collections.abc import Iterable

from muster.base.unit import Conn
from muster.ledger import store as ledger
from muster.people.person import Person

_SHORTEST_ADDRESS = 6


async def names_of(conn: Conn, person: Person, also: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """The words, and those that are left alone because somebody else bears them too."""
    found = [person.name, person.full_name, person.email, *also]
    for entry in await ledger.of_stream(conn, f"person:{person.id}"):
        data = entry.data if isinstance(entry.data, dict) else {}
        found += [data[field] for field in ("full_name", "email") if isinstance(data.get(field), str)]
        changed = data.get("changed")
        for field in ("full_name", "email"):
            values = changed.get(field) if isinstance(changed, dict) else None
            found += [
                value for value in (values.values() if isinstance(values, dict) else ()) if isinstance(value, str)
            ]
    addresses = await conn.fetch("SELECT DISTINCT address FROM contacts WHERE person_id = $1", person.id)
    found += [row["address"] for row in addresses if telling(row["address"])]
    words = list(dict.fromkeys(word.strip() for word in found if word.strip()))
    shared = {
        row["word"]
        for row in await conn.fetch(
            """SELECT lower(word) AS word FROM unnest($2::text[]) AS word WHERE
               EXISTS (SELECT FROM persons WHERE id <> $1 AND lower(word) IN (name, lower(full_name), lower(email)))
               OR EXISTS (SELECT FROM contacts WHERE person_id <> $1 AND active AND lower(address) = lower(word))""",
            person.id,
            words,
        )
    }
    own = [word for word in words if word.lower() not in shared or word == person.name]
    return own, [word for word in words if word not in own]


def telling(address: str) -> bool:
    """Whether an address is nobody else's word: long enough, and not of letters alone."""
    return len(address) >= _SHORTEST_ADDRESS and not address.isalpha()
