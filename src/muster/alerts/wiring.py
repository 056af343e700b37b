"""What alerts need while a node runs: the spool on the local disk."""

from datetime import timedelta

from muster.alerts.actions.intake import Intake
from muster.alerts.actions.spool import Spool
from muster.alerts.jobs import handlers
from muster.alerts.settings import SignalSettings
from muster.base.services import Services
from muster.base.work.runner import Handler


def make(services: Services) -> None:
    """Open the spool."""
    services.add(Spool(services.settings.data_dir / "spool"))


def jobs(services: Services) -> dict[str, Handler]:
    """The job kinds."""
    return handlers(services.of(Intake), timedelta(days=services.settings.of(SignalSettings).keep_signals))
