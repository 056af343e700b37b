"""What the ledger needs while a node runs: the key of its seals, and where seals are sent."""

from muster.base.http import Http
from muster.base.services import Services
from muster.base.work.runner import Handler
from muster.ledger.actions.keyfile import KEY_FILE, load_or_create_key
from muster.ledger.actions.outside import seals_to
from muster.ledger.jobs import handlers
from muster.ledger.key import LedgerKey
from muster.ledger.settings import SealSettings


def make(services: Services) -> None:
    """Load the key."""
    services.add(load_or_create_key(services.settings.data_dir / KEY_FILE))


def jobs(services: Services) -> dict[str, Handler]:
    """The job kinds."""
    key, seals = services.of(LedgerKey), services.settings.of(SealSettings)
    return handlers(key, seals_to(seals.seals_to, services.of(Http), key, services.database.clock))
