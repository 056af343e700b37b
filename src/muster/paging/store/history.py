"""Loads the pages of an incident with all that became of them, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from muster.base.unit import Conn
from muster.paging.delivery import Delivery, resting
from muster.paging.history import Answered, PageHistory
from muster.paging.page import Page
from muster.paging.store import deliveries, page_answers, pages, steps

_Row = TypeVar("_Row", Delivery, Answered)


async def of_incident(
    conn: Conn, incident_id: UUID, *, rehearsal: str = "", attempts: bool = False
) -> tuple[PageHistory, ...]:
    """The pages of an incident, oldest first: four statements, five with the `attempts` of each message.

    `rehearsal` says why nothing leaves this process, where that is so (`unit.hands.resting`).
    """
    runs = await pages.of_incident(conn, incident_id)
    return await _histories(conn, runs, rehearsal=rehearsal, attempts=attempts) if runs else ()


async def _histories(conn: Conn, runs: list[Page], *, rehearsal: str, attempts: bool) -> tuple[PageHistory, ...]:
    ids = [page.id for page in runs]
    taken = await steps.of_pages(conn, ids)
    sent = [resting(delivery, rehearsal) for delivery in await deliveries.of_incident(conn, runs[0].incident_id)]
    messages, answers = _by_page(sent), _by_page(await page_answers.of_pages(conn, ids))
    tries = await deliveries.attempts_of(conn, [delivery.id for delivery in sent]) if attempts else {}
    return tuple(PageHistory(page, taken.get(page.id, []), messages[page.id], answers[page.id], tries) for page in runs)


def _by_page(rows: Iterable[_Row]) -> defaultdict[UUID | None, list[_Row]]:
    grouped: defaultdict[UUID | None, list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row.page_id].append(row)
    return grouped
