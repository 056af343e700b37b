"""Intakes that hear of what changes, as a running node's does."""

from pathlib import Path

from muster.alerts.actions.intake import Intake
from muster.alerts.actions.spool import Spool
from muster.alerts.port import SenderCheck
from muster.base.db.database import Database
from muster.inbound.formats import InboundFormats


def intake_on(database: Database, folder: Path, senders: SenderCheck | None = None) -> Intake:
    """An intake of a database with its spool in a folder."""
    intake = Intake(database, InboundFormats(), Spool(folder), senders)
    intake.listen()
    return intake
