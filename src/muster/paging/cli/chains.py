"""`muster chains`: whether every policy would wake somebody."""

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_table


def chains(*, json: Json = False) -> None:
    """Look at every chain of the plan 90 days ahead, and list where it would wake nobody, or nobody for certain."""
    columns = {
        "policy": "policy",
        "weakness": "weakness",
        "start": "from",
        "times": "times",
        "sentence": "what is wrong",
    }
    empty = "Every policy wakes somebody, at every moment of the next 90 days."
    emit_table(Client().get("/chains"), columns, json=json, empty=empty)
