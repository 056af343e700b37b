"""No unit inside a unit: who holds a connection asks for no other; the files that open units are named; locks have names."""

import ast
from collections.abc import Iterator

from muster.base.db.locks import Lock
from tests.architecture.house import SOURCE, Module, modules

OPENS = ("unit", "read", "snapshot", "finish")
"""The methods that take a connection: of a `Database`, and `finish` of a leased job."""
OPENERS = {
    "alerts.actions.intake": "takes alerts, and puts them into the spool where that fails",
    "alerts.actions.resends": "tells and asks other nodes what was answered from memory",
    "alerts.actions.pulse": "takes heartbeats in batches",
    "operations.actions.adoption": "writes that this Muster is the real one",
    "app.views": "records refusals",
    "channels.inbox.actions": "keeps and takes messages of the built-in inbox for a channel, which knows no database",
    "operations.api.health": "counts for Prometheus",
    "operations.cli.keys": "looks which keys are in use, from the command line",
    "operations.actions.keys": "exchanges keys in one transaction each, from the command line",
    "operations.actions.machine": "keeps what is wrong with this node's machine",
    "app.muster": "starts the work, cleans up",
    "app.serve": "makes the link of the first run",
    "operations.actions.setup": "makes the first administrator without a browser",
    "operations.actions.standing": "judges whether this is a copy",
    "operations.cli.token": "makes a token on the machine itself",
    "operations.actions.vitals": "looks whether the database answers",
    "base.web.edge": "opens the unit of each request",
    "base.web.stream": "asks again, while a stream is open, whether it still may be",
    "base.work.runner": "takes and ends jobs",
    "channels.web_push.actions": "keeps keys of web push for a channel, which knows no database",
    "channels.actions.phone_reports": "takes what a vendor's own connection brings",
    "channels.jobs": "a job: reads, asks outside, writes",
    "inbound.email.actions.alerts": "takes mail",
    "channels.email.actions.listener": "takes mail",
    "channels.email.jobs.mail": "takes mail",
    "channels.loops": "sends a message to itself and waits for it",
    "ledger.actions.exporting": "hands out the ledger over minutes",
    "ledger.api": "records the export before it begins; the route streams and has no unit of its own",
    "ledger.jobs": "a job: reads a seal, sends it away",
    "oncall.actions.calendar_refresh": "a job: reads, asks outside, writes",
    "paging.actions.deliver": "loads deliveries in batches, and sends them without a connection in hand",
    "paging.actions.storm_gate": "lets deliveries through in batches",
    "paging.actions.outcomes": "writes what became of deliveries in batches",
    "paging.actions.heartbeat": "a job: reads, asks outside, writes",
}
HOLDS = {"Unit", "Uses", "Conn"}
"""A function with a parameter of these types is called by who holds a connection."""


def opened(node: ast.AST) -> bool:
    """Whether this is a call that takes a connection of a database."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr == "finish":
        return isinstance(node.func.value, ast.Name) and node.func.value.id == "leased"
    owner = ast.unparse(node.func.value).lower()
    return node.func.attr in OPENS and ("database" in owner or owner.endswith("work"))


def borrows(node: ast.AST) -> bool:
    """Whether this is a call of something that takes a connection by itself."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr == "record_denial"
    return isinstance(node.func, ast.Name) and node.func.id == "export_response"


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def given_a_connection(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether whoever calls it holds a connection."""
    every = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return any(argument.annotation and ast.unparse(argument.annotation).strip("\"'") in HOLDS for argument in every)


def test_who_holds_a_connection_asks_for_no_other() -> None:
    wrong = []
    for module in modules():
        for function in functions(module):
            inside = list(ast.walk(function))
            if given_a_connection(function):
                wrong += [
                    f"{module}:{node.lineno} has a connection" for node in inside if opened(node) or borrows(node)
                ]  # type: ignore[attr-defined]
            for block in inside:
                if isinstance(block, ast.AsyncWith) and any(opened(item.context_expr) for item in block.items):
                    within = [node for statement in block.body for node in ast.walk(statement)]
                    wrong += [
                        f"{module}:{node.lineno} is inside of a unit"
                        for node in within
                        if opened(node) or borrows(node)
                    ]  # type: ignore[attr-defined]
    assert not wrong, "\n".join(wrong)


def test_the_files_that_open_units_are_named() -> None:
    opening = {
        module.name.removeprefix("muster.")
        for module in modules()
        if any(opened(node) and node.func.attr != "finish" for node in ast.walk(module.tree))  # type: ignore[attr-defined]
    }
    assert opening == set(OPENERS)


def test_advisory_locks_are_taken_in_one_place() -> None:
    files = [path for path in SOURCE.rglob("*") if path.suffix in (".py", ".sql")]
    assert [str(path.relative_to(SOURCE)) for path in files if "_advisory_" in path.read_text("utf-8")] == [
        "base/db/locks.py"
    ]


def test_no_two_locks_share_a_number() -> None:
    numbers = [lock.number for lock in Lock]
    assert len(set(numbers)) == len(numbers)
    assert all(-(2**63) <= number < 2**63 for number in numbers)
