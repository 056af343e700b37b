"""What the pages share: addresses and topics."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Path, Query

from muster.catalog.actions.save import CHANGED

CATALOGUE = "/catalogue"
TOPICS = (CHANGED,)

Name = Annotated[str, Path(max_length=100)]
Asked = Annotated[str, Query(max_length=200)]
Field = Annotated[str, Form(max_length=1_000_000)]


def url_of(workload: str, *rest: str) -> str:
    """The page of a workload, or something below it."""
    return "/".join((f"{CATALOGUE}/workloads/{workload}", *rest))


def failure_of(workload: str, component: str) -> str:
    """Where a workload's page shows what the failure of a component brings down."""
    return f"{url_of(workload)}?component={component}#failure"


def address(path: str, **query: str | int) -> str:
    """A path with those parts of its query that are set."""
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
