"""Reading calendars anew, in the background: their addresses are asked, and what has changed is taken over."""

from uuid import UUID

from muster.base.http import Http, Unreachable
from muster.base.unit import Conn
from muster.base.work import Job, Leased, enqueue
from muster.kit.errors import Invalid
from muster.oncall.actions import calendars
from muster.oncall.actions.calendars import EVERY, REFRESH, FetchResult
from muster.oncall.calendars.calendar import StoredCalendar
from muster.oncall.calendars.content import CalendarReading
from muster.oncall.calendars.draft import host_of
from muster.oncall.calendars.ical.file import MOST_BYTES, text_of
from muster.oncall.store import calendar_rows as rows


class Refresher:
    """Asks addresses through the guarded client."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def refresh(self, leased: Leased) -> None:
        """Read one calendar, keep what it says or why it cannot be read, and come again."""
        id = UUID(leased.job.key)
        async with leased.database.read() as conn:
            stored = await rows.calendar_by_id(conn, id)
            before = await rows.fetched(conn, id)
        answer = await self._ask(stored, before) if stored and stored.made_from else FetchResult()
        file = answer.file or before
        async with leased.database.read() as conn:
            reading, failure = await _read(conn, stored, file, leased) if stored else (None, "")
        async with leased.finish() as unit:
            current = await rows.calendar_by_id(unit.conn, id, hold=True)
            if current is None or stored is None:
                return
            if current.made_from == stored.made_from:
                if answer.failure or reading is None:
                    await calendars.fail(unit, current, answer.failure or failure)
                else:
                    await calendars.take(unit, current, file, reading)
            await enqueue(unit, [Job(REFRESH, str(id), run_at=unit.now + EVERY)])

    async def _ask(self, stored: StoredCalendar, before: rows.CalendarFile) -> FetchResult:
        """What the address says now; an unchanged file is not sent again."""
        headers = {"accept": "text/calendar, */*;q=0.5"}
        if before.text and before.etag:
            headers["if-none-match"] = before.etag
        if before.text and before.last_modified:
            headers["if-modified-since"] = before.last_modified
        try:
            response = await self._http.request("GET", stored.made_from, headers=headers, limit=MOST_BYTES + 1)
        except Unreachable as failure:
            return FetchResult(failure=str(failure))
        host = host_of(stored.made_from)
        if response.status == 304:
            return FetchResult()
        if 300 <= response.status < 400:
            return FetchResult(
                failure=f"{host} sends elsewhere ({response.status}). Give the calendar its new address."
            )
        if response.status != 200:
            return FetchResult(failure=f"{host} answered {response.status}: {response.text(120) or 'nothing'}.")
        if response.truncated:
            return FetchResult(failure="The calendar is larger than 5 MB.")
        named = response.headers.get("etag"), response.headers.get("last-modified")
        return FetchResult(rows.CalendarFile(text_of(response.body), *named))


async def _read(
    conn: Conn, stored: StoredCalendar, file: rows.CalendarFile, leased: Leased
) -> tuple[CalendarReading | None, str]:
    if not file.text:
        return None, "There is nothing to read."
    now = leased.database.clock.now()
    try:
        return await calendars.read_text(conn, stored, file.text, now), ""
    except Invalid as invalid:
        return None, " ".join(fault.rule for fault in invalid.faults) or invalid.title
