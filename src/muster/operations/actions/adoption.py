"""`muster adopt`: an operator says that the Muster on this machine is the real one now."""

import asyncio
import getpass

from muster.base.access import SYSTEM
from muster.base.settings import Settings
from muster.kit.errors import Missing
from muster.operations.actions.setup import database_here
from muster.operations.actions.standing import adopt


async def adopt_here(settings: Settings) -> dict[str, str]:
    """Adopt the data directory and the database of these settings, whether Muster is running or not.

    Raises:
        Missing: there is no data directory.
    """
    data_dir = settings.data_dir.absolute()
    if not await asyncio.to_thread(data_dir.is_dir):
        raise Missing(
            f"{data_dir} does not exist.", "Set MUSTER_DATA_DIR to the data directory of the Muster to adopt."
        )
    async with database_here(settings) as database, database.unit(SYSTEM) as unit:
        marker = await adopt(unit, data_dir, f"{getpass.getuser()} with muster adopt")
    return {
        "adopted": marker.path,
        "instance": marker.serves,
        "pages": "A running Muster begins to page within seconds.",
    }
