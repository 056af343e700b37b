"""A small catalogue for the tests: a shop on a search and a data base, a blog, and payments with two providers."""

from datetime import UTC, datetime
from uuid import UUID

from muster.catalog.workload import Catalogue, Component, Criticality, Ref, Workload

THEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def need(*names: str) -> tuple[Ref, ...]:
    """One need; several names are alternatives."""
    return tuple(Ref(*name.split("/")) for name in names)


def workload(name: str, *components: Component, criticality: str = "standard", **fields: object) -> Workload:
    """A workload of the team `platform`."""
    return Workload(
        id=UUID(int=sum(map(ord, name))),
        name=name,
        owner="platform",
        criticality=Criticality(criticality),
        created_at=THEN,
        changed_at=THEN,
        reviewed_at=THEN,
        components=components,
        **fields,  # type: ignore[arg-type]
    )


def shop() -> Catalogue:
    """Three workloads as they might stand in a small organisation."""
    return Catalogue(
        (
            workload("blog", Component("web"), criticality="low", labels={"site": ("blog", "news")}),
            workload(
                "payments",
                Component("api", needs=(need("payments/stripe", "payments/adyen"),)),
                Component("stripe", vendor="Stripe", aliases=("card-gateway",)),
                Component("adyen", vendor="Adyen"),
                criticality="business_critical",
            ),
            workload(
                "shop",
                Component("web", needs=(need("shop/search"), need("payments/api"))),
                Component("search", criticality=Criticality.STANDARD, labels={"service": ("shop-find",)}),
                Component("mail", needs=(need("shop/search"),), criticality=Criticality.LOW),
                criticality="business_critical",
                aliases=("store",),
            ),
        )
    )
