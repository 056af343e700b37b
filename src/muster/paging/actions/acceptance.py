"""Answers to a page by which somebody asks people for something: whoever comes ends it, whoever declines lets it go on."""

from uuid import UUID

from muster.base.unit import Unit
from muster.base.work import cancel
from muster.paging.actions.escalate import go_on
from muster.paging.actions.start import DELIVERY, STEP
from muster.paging.actions.stop import stop_page
from muster.paging.page import Page
from muster.paging.store import page_answers


async def come(unit: Unit, page: Page, person_id: UUID, name: str) -> None:
    """Somebody who was asked is coming: nobody else is woken by this page."""
    await page_answers.note(unit.conn, page.id, person_id, unit.now, "coming", "")
    await stop_page(unit, page, f"{name} is coming.")


async def decline(unit: Unit, page: Page, person_id: UUID, name: str, reason: str) -> None:
    """Somebody who was asked is not coming: they get no more of it; once all who were woken declined, the next step is
    taken at once."""
    await page_answers.note(unit.conn, page.id, person_id, unit.now, "declined", reason)
    gone = await page_answers.cancel_of(unit.conn, page.id, person_id, f"{name} declined.", unit.now)
    await cancel(unit, DELIVERY, [str(each) for each in gone])
    declined = {of_page.person for of_page in await page_answers.of_pages(unit.conn, [page.id]) if not of_page.coming}
    if all(each.person in declined for each in await page_answers.woken(unit.conn, [page.id])):
        await cancel(unit, STEP, [str(page.id)])
        await go_on(unit, [page], f"{name} declined{f': {reason}' if reason else '.'}")
