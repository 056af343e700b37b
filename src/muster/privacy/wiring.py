"""What retention needs while a node runs."""

from muster.base.services import Services
from muster.base.work.runner import Handler
from muster.privacy.jobs import handlers
from muster.privacy.settings import RetentionSettings


def jobs(services: Services) -> dict[str, Handler]:
    """The job kinds."""
    return handlers(services.settings.of(RetentionSettings))
