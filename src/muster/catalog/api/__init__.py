"""The catalogue over HTTP: workloads, components, the graph and what a failure brings down."""

from muster.catalog.api import components, graph, workloads

ROUTERS = (workloads.router, components.router, graph.router)

__all__ = ["ROUTERS"]
