"""What costs money or wakes people has a budget for each person; what answers a page has none."""

from muster.base.access import Permission
from muster.base.features import installed, routers
from muster.base.web.needs import needs_of

LIMITED = {
    "/api/v1/incidents",
    "/incidents/report",
    "/api/v1/tokens",
    "/settings/tokens",
    "/api/v1/deliveries/test",
    "/settings/channels/test",
    "/api/v1/persons/{name}/contacts/{id}/code",
    "/settings/people/{name}/contacts/{id}/code",
    "/api/v1/plans/{name}:simulate",
    "/api/v1/simulate",
    "/api/v1/simulate/policies/{policy}",
    "/plan/simulate",
    "/api/v1/ledger/verify",
    "/api/v1/ledger/export",
    "/ledger/verify",
    "/ledger/export",
    "/ledger.csv",
    "/api/v1/alerts.csv",
    "/alerts.csv",
    "/api/v1/incidents.csv",
    "/api/v1/on-call/report.csv",
    "/on-call/report.csv",
}


def test_which_routes_have_a_budget() -> None:
    needs = [(route.path, needs_of(route.endpoint)) for router in routers(installed()) for route in router.routes]  # type: ignore[attr-defined]
    assert {path for path, demand in needs if demand.budget} == LIMITED
    answering = (Permission.INCIDENT_ACKNOWLEDGE, Permission.PAGE_ESCALATE)
    assert not any(demand.budget for _, demand in needs if demand.permission in answering)
