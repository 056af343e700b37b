"""What others do with the ledger: record what happened. Sealing, verifying, exporting and denials have files of their own."""

from muster.ledger.actions.append import record, record_all, record_as

__all__ = ["record", "record_all", "record_as"]
