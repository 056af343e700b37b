"""What people need while a node runs: sessions, second factors, and the list of stolen passwords."""

from muster.base.secrets import Secrets
from muster.base.services import Services
from muster.people.actions.authenticate import Gate
from muster.people.actions.breached import judge_passwords
from muster.people.actions.locks import Locks
from muster.people.site import site_of


def make(services: Services) -> None:
    """Make what authenticates, and what second factors need."""
    settings, database, secrets = services.settings, services.database, services.of(Secrets)
    judge_passwords(database.bus, settings)
    services.add(
        Gate(database.clock, database.live, secure=settings.secure),
        Locks(secrets.seal, secrets.open, secrets.derive("passkeys"), site_of(settings.base_url)),
    )
