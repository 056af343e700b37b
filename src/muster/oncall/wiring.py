"""What on call needs while a node runs: calendars are fetched."""

from muster.base.http import Http
from muster.base.services import Services
from muster.base.work.runner import Handler
from muster.oncall.jobs import handlers


def jobs(services: Services) -> dict[str, Handler]:
    """The job kinds."""
    return handlers(services.of(Http))
