"""SQL stands in stores: whoever looks for what touches a table finds it there."""

import ast
import re

from tests.architecture.house import Module, modules

STATEMENT = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH \w+ AS|TRUNCATE|LOCK TABLE)\s")
ELSEWHERE = {
    "app.muster": "tells other nodes by pg_notify",
    "operations.actions.doctor": "asks the server about itself, over a connection of its own",
    "operations.actions.vitals": "asks whether the database answers",
    "privacy.actions.erase": "builds its statements from the places where the schema keeps personal data",
    "privacy.actions.export": "builds its statements from the places where the schema keeps personal data",
    "privacy.places": "names the places where the schema keeps personal data",
}
"""Outside of stores and of `base/`, whose files are each a store of their own."""


def speaks_sql(module: Module) -> bool:
    """Whether a file holds a statement."""
    texts = (node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and STATEMENT.match(text) for text in texts)


def test_sql_stands_in_stores() -> None:
    speaking = {
        module.name.removeprefix("muster.")
        for module in modules()
        if module.layer != "store" and module.feature != "base" and speaks_sql(module)
    }
    assert speaking == set(ELSEWHERE)
