"""What incidents tell the features above them, in the transaction in which it became true."""

from dataclasses import dataclass

from muster.incidents.incident import Incident
from muster.incidents.lifecycle import Transition


@dataclass(frozen=True, slots=True)
class IncidentMoved:
    """An incident went from one state to another; `before` and `after` are its rows."""

    before: Incident
    after: Incident
    transition: Transition
