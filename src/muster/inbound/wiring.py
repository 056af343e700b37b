"""What takes requests while a node runs: the formats, the checks of their senders, the intake."""

from muster.alerts.actions.intake import Intake
from muster.alerts.actions.pulse import Pulse
from muster.alerts.actions.receive import CONFIRM
from muster.alerts.actions.spool import Spool
from muster.alerts.formats import Formats
from muster.base.db.lanes import Lane
from muster.base.http import Http
from muster.base.secrets import Secrets
from muster.base.services import Services
from muster.base.work.runner import Handler
from muster.inbound.actions.senders import Senders
from muster.inbound.formats import InboundFormats, forms


def make(services: Services) -> None:
    """Make the intake; it has connections of its own."""
    lane = services.database.lane(Lane.INTAKE)
    formats, senders = InboundFormats(), Senders(services.of(Secrets), services.of(Http))
    intake = Intake(lane, formats, services.of(Spool), senders)
    intake.listen()
    services.add(Formats(forms(), formats), senders, intake, Pulse(lane, intake))


def jobs(services: Services) -> dict[str, Handler]:
    """The job kinds."""
    return {CONFIRM: services.of(Senders).confirm}
