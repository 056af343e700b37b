"""What comes back from phones: receipts and answers, whichever vendor brings them."""

from collections.abc import Sequence

from muster.base.access import ANONYMOUS
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.channels.actions.chat_answers import say
from muster.channels.telephony.port import DeliveryReport, PhoneReply
from muster.paging.actions.message_answers import answer
from muster.paging.actions.receipts import report
from muster.paging.answer import Said


async def reported(unit: Unit, channel: str, told: DeliveryReport, also: Sequence[str] = ()) -> bool:
    """Note a receipt; `also` are other spellings of its id, tried where the first is of no message that is known."""
    for provider_id in (told.provider_id, *also):
        if provider_id and await report(unit, channel, provider_id, told.outcome, told.reason):
            return True
    return False


async def replied(unit: Unit, channel: str, vendor: str, reply: PhoneReply) -> None:
    """Do what somebody answered, and have the sentence sent back by the vendor that brought it."""
    sentence = await answer(unit, Said(channel, reply.text, address=reply.address))
    # A short code or a name cannot be written to.
    if reply.address.startswith("+"):
        await say(unit, channel, f"{vendor}/{reply.address}", sentence)


class Hearing:
    """The ears of vendors that keep a connection of their own: each thing heard is a unit of work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reported(self, channel: str, report: DeliveryReport, *, also: Sequence[str] = ()) -> None:
        """A receipt came."""
        async with self._database.unit(ANONYMOUS) as unit:
            await reported(unit, channel, report, also)

    async def replied(self, channel: str, vendor: str, reply: PhoneReply) -> None:
        """Somebody answered."""
        async with self._database.unit(ANONYMOUS) as unit:
            await replied(unit, channel, vendor, reply)
