"""What clocks need while a node runs."""

from muster.base.services import Services
from muster.base.work.runner import Handler
from muster.clocks.jobs import handlers


def jobs(services: Services) -> dict[str, Handler]:
    """The job kinds."""
    return handlers()
