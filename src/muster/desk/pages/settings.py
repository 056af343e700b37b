"""Settings: the way to everything that is set up, and how this Muster runs."""

from typing import Any

from fastapi import Request, Response

from muster import __version__
from muster.alerts.store import integrations
from muster.base.access import Permission
from muster.base.settings import Settings, kinds_of_settings, variables
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.work.nodes import Node
from muster.ledger import store as ledger
from muster.ledger.key import LedgerKey, key_text
from muster.oncall import store as oncall
from muster.paging.health import LOOKED_AT, health
from muster.paging.store import deliveries
from muster.people import store as people

MANY = 500
_NOTHING: dict[str, Any] = {"count": "", "at": None, "proven": None, "trouble": ""}


def _place(label: str, url: str, icon: str, text: str) -> dict[str, str]:
    return {"label": label, "url": url, "icon": icon, "text": text}


PLACES = (
    (
        "People and access",
        (
            _place("People", "/settings/people", "user", "Who is on call, decides or looks on."),
            _place("Teams", "/settings/teams", "team", "Who answers together."),
            _place("Organisation", "/settings/organisation", "info", "What people call it."),
            _place("API tokens", "/settings/tokens", "lock", "What programs may do in your name."),
            _place("Me", "/me", "user", "Your contacts, password and sessions."),
        ),
    ),
    (
        "Signals and pages",
        (
            _place("Integrations", "/settings/integrations", "bell", "Where alerts come from; each with a test."),
            _place("Channels", "/settings/channels", "message", "How pages leave; each with a live test."),
            _place("Inbox", "/inbox", "mail", "Pages that stay in Muster, as a phone shows them."),
            _place("Schedules", "/on-call", "oncall", "Who is woken, week after week."),
        ),
    ),
    (
        "This Muster",
        (
            _place("First steps", "/welcome", "todo", "From an empty installation to a first real page."),
            _place("Import", "/settings/import", "download", "Move here from Opsgenie, PagerDuty or Grafana OnCall."),
            _place("Response plan", "/plan", "plan", "What Muster does with an alert, and who may decide."),
            _place("Ledger", "/ledger", "ledger", "Everything that happened; verify it, seal it, take a copy."),
            _place("Components", "/styleguide", "info", "Every part of the pages together."),
        ),
    ),
)
router = page_router()


@router.get("/settings")
@needs(Permission.SETTINGS_READ)
async def settings_page(unit: Uses, request: Request) -> Response:
    """Show where everything is set up."""
    services = services_of(request)
    seal = next(iter(await ledger.seals(unit.conn, 1)), None)
    return render(
        request,
        "desk/settings.html",
        groups=await _groups(unit),
        base_url=services.settings.base_url,
        database="an external PostgreSQL" if services.settings.database_url else "its own PostgreSQL",
        node=services.of(Node).name,
        version=__version__,
        public_key=key_text(services.of(LedgerKey).public),
        seal=seal,
        settings=_shown(services.settings),
        topics=["people", "integrations", "paging", "schedules", "ledger"],
    )


async def _groups(unit: Unit) -> list[tuple[str, list[dict[str, Any]]]]:
    """The places by group, each with what is there, and with what is wrong."""
    sources = await integrations.every(unit.conn)
    path = health(await deliveries.used_channels(unit.conn, unit.now - LOOKED_AT), unit.now)
    silent = [source.name for source in sources if source.active and not source.last_signal_at]
    about: dict[str, dict[str, Any]] = {
        "/settings/people": {"count": _many(len(await people.persons(unit.conn, limit=MANY)), "person", "people")},
        "/settings/teams": {"count": _many(len(await people.teams(unit.conn, limit=MANY)), "team", "teams")},
        "/settings/integrations": {
            "count": _many(len(sources), "source", "sources"),
            "at": max((source.last_signal_at for source in sources if source.last_signal_at), default=None),
            "trouble": f"Nothing has come from {', '.join(silent)} yet" if silent else "",
        },
        "/settings/channels": {"proven": None if path.trouble else path.proven_at, "trouble": path.trouble},
        "/on-call": {"count": _many(len(await oncall.names_of_all(unit.conn)), "schedule", "schedules")},
    }
    return [(group, [{**_NOTHING, **place, **about.get(place["url"], {})} for place in own]) for group, own in PLACES]


def _many(count: int, singular: str, several: str) -> str:
    return f"{count}{'+' if count == MANY else ''} {singular if count == 1 else several}"


def _shown(settings: Settings) -> list[dict[str, Any]]:
    rows = []
    declared = ((settings if kind is Settings else settings.of(kind), variable)
                for kind in kinds_of_settings() for variable in variables(kind))  # fmt: skip
    for own, variable in declared:
        value = getattr(own, variable.field)
        if variable.secret:
            shown = "set, and kept secret" if value else "not set"
        elif isinstance(value, bool):
            shown = "yes" if value else "no"
        else:
            shown = str(value) or "not set"
        rows.append({
            "id": variable.field,
            "name": variable.name,
            "value": shown,
            "usual": value == variable.default,
            "sentence": variable.sentence,
        })  # fmt: skip
    return rows
