"""The table of actions is the only one: routes, pages, commands and verbs follow from it and cannot disagree."""

import inspect

import pytest
from fastapi.routing import APIRoute

from muster.base.access import GRANTS
from muster.base.features import installed, ports_of, routers
from muster.base.web.needs import needs_of
from muster.incidents.action import IncidentAction
from muster.incidents.actions.run import run_of
from muster.incidents.cli import app

ACTIONS = ports_of(installed()).of(IncidentAction)
ROUTERS = routers(installed())


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_an_action_is_carried_out_by_a_function_that_takes_its_fields(action: IncidentAction) -> None:
    taken = inspect.signature(run_of(action)).parameters
    assert list(taken)[:2] == ["unit", "ref"]
    assert list(taken)[2:] == [field.name for field in action.fields]
    for field in action.fields:
        assert (taken[field.name].default == "") or field.required


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_the_routes_of_an_action_need_its_permission(action: IncidentAction) -> None:
    assert action.permission in GRANTS
    for address in (f"/api/v1/incidents/{{ref}}/{action.slug}", f"/incidents/{{ref}}/{action.slug}"):
        routes = [
            route
            for router in ROUTERS
            for route in router.routes
            if isinstance(route, APIRoute) and route.path == address and "POST" in route.methods
        ]
        assert [needs_of(route.endpoint).permission for route in routes] == [action.permission], address


def test_names_and_keys_are_used_once() -> None:
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    keys = [action.key for action in ACTIONS if action.key]
    assert len(set(keys)) == len(keys)


def test_an_action_has_a_command_unless_it_is_written_by_hand() -> None:
    commands = set(app)
    assert {action.slug for action in ACTIONS if action.command} <= commands
