"""The catalogue in the browser: what is operated, by whom, how it hangs together and what a failure brings down."""

from muster.catalog.pages import catalogue, editing, workload

ROUTERS = (catalogue.router, editing.router, workload.router)

__all__ = ["ROUTERS"]
