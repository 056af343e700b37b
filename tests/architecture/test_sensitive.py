"""Which deeds ask for a fresh proof: those that could hand an account, a secret or the organisation to somebody else."""

from muster.base.access import Permission
from muster.base.features import installed, routers
from muster.base.web.edge import EdgeRoute

SAFE = {"GET", "HEAD", "OPTIONS"}
ALWAYS = {Permission.PERSON_MANAGE, Permission.TOKEN_MANAGE, Permission.APPLY}
"""Whatever changes something by these permissions is sensitive."""

EXPECTED = {
    "/me/factors/app",
    "/me/factors/app/remove",
    "/me/factors/codes",
    "/me/factors/passkeys",
    "/me/factors/passkeys/{id}/remove",
    "/settings/tokens",
    "/settings/people/{name}/contacts",
    "/settings/people/{name}/contacts/{id}/remove",
    "/settings/people/{name}/contacts/{id}/first",
    "/settings/people/{name}/reset-factors",
    "/settings/organisation/second-factor",
    "/settings/integrations/{name}/key",
    "/settings/integrations/{name}/rotate",
    "/settings/integrations/{name}/delete",
    "/api/v1/me/factors/app",
    "/api/v1/me/factors/app/confirm",
    "/api/v1/me/factors/passkeys/{id}",
    "/api/v1/me/factors/recovery-codes",
    "/api/v1/organisation/second-factor",
    "/api/v1/tokens",
    "/api/v1/persons/{name}/contacts",
    "/api/v1/persons/{name}/contacts/order",
    "/api/v1/persons/{name}/contacts/{id}",
    "/api/v1/persons/{name}/reset-factors",
    "/api/v1/integrations/{name}/key:rotate",
    "/api/v1/integrations/{name}",
}
"""What must be sensitive beside that, by its path. A password is changed with the present one, which is a proof itself."""


def _unsafe() -> list[tuple[str, str, EdgeRoute]]:
    return [
        (method, route.path, route)
        for router in routers(installed())
        for route in router.routes
        if isinstance(route, EdgeRoute)
        for method in route.methods - SAFE
    ]


def test_what_hands_access_to_somebody_asks_for_a_proof() -> None:
    missing = {path for _, path, route in _unsafe() if route.needs.permission in ALWAYS and not route.needs.sensitive}
    assert not missing
    sensitive = {path for _, path, route in _unsafe() if route.needs.sensitive}
    assert sensitive >= EXPECTED, EXPECTED - sensitive


def test_only_what_changes_something_asks_for_a_proof() -> None:
    for router in routers(installed()):
        for route in router.routes:
            if isinstance(route, EdgeRoute) and route.needs.sensitive:
                assert not route.methods & {"GET"}, route.path
                assert not route.needs.streams, route.path


def test_who_must_set_a_factor_up_can_do_nothing_else() -> None:
    open_to_them = {
        route.path
        for router in routers(installed())
        for route in router.routes
        if isinstance(route, EdgeRoute) and route.needs.unfinished
    }
    assert all(
        path.startswith(("/me/factors", "/api/v1/me/factors", "/api/v1/me/reauthenticate")) for path in open_to_them
    )
