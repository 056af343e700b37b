"""What looks after a node while it runs: its health, and the machine it runs on."""

from muster.alerts.actions.spool import Spool
from muster.base.db.lanes import Lane
from muster.base.services import Services
from muster.base.work.nodes import Node
from muster.operations.actions.machine import Machine
from muster.operations.actions.standing import NodeStanding
from muster.operations.actions.vitals import Vitals


def make(services: Services) -> None:
    """Make what looks at the node."""
    work, intake = services.database.lane(Lane.WORK), services.database.lane(Lane.INTAKE)
    machine = Machine(work, services.of(Spool), services.of(NodeStanding), node=lambda: services.of(Node).name)
    services.add(Vitals(work=work, intake=intake), machine)
