"""What the tests of the catalogue share: two teams, and manifests to apply."""

from collections.abc import Awaitable, Callable

import pytest

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.catalog.actions.apply import apply_workloads
from muster.kit.yamldoc import read_documents
from muster.people.actions.apply import Applied
from muster.people.actions.teams import create_team
from muster.people.drafts import TeamDraft

SHOP = """
kind: Workload
name: shop
title: The shop
owner: platform
criticality: business_critical
deployment: canary
description: |
  Sells things.

  Call before noon.
links: {docs: "https://docs.example/shop", dashboard: "https://graphs.example/shop"}
labels: {site: [shop, store]}
components:
  - {name: web, depends_on: [search, [payments/stripe, payments/adyen]]}
  - {name: search, owner: search, criticality: standard, aliases: [finder], privacy: personal}
"""
PAYMENTS = """
kind: Workload
name: payments
owner: platform
components: [{name: stripe, vendor: Stripe}, {name: adyen}]
"""

Apply = Callable[..., Awaitable[list[Applied]]]


@pytest.fixture
async def teams(database: Database) -> None:
    """The teams `platform` and `search`."""
    async with database.unit(SYSTEM) as unit:
        for name in ("platform", "search"):
            await create_team(unit, TeamDraft(name=name))


@pytest.fixture
def apply(database: Database, teams: None) -> Apply:
    """Applies the documents of a text, in a transaction of its own."""

    async def bring(*texts: str) -> list[Applied]:
        found = read_documents("\n---\n".join(texts), "catalogue.yaml")
        assert not found.faults
        async with database.unit(SYSTEM) as unit:
            return await apply_workloads(unit, found.documents)

    return bring
