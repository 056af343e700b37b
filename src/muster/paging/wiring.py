"""What paging needs while a node runs: signed links. What sends is made where the channels are."""

from muster.base.secrets import Secrets
from muster.base.services import Services
from muster.base.work.runner import Handler
from muster.paging.actions.deliver import Deliverer
from muster.paging.actions.heartbeat import OwnHeartbeat
from muster.paging.actions.links import Links
from muster.paging.actions.loop_rounds import Watch
from muster.paging.jobs import handlers, watching


def make(services: Services) -> None:
    """Make the links."""
    services.add(Links(services.settings.base_url, services.of(Secrets)))


def jobs(services: Services) -> dict[str, Handler]:
    """The job kinds."""
    return handlers(services.of(Deliverer)) | watching(services.of(Watch), services.of(OwnHeartbeat))
