"""What sends and hears while a node runs: the channels, mail that comes in, the loops by which Muster watches itself."""

from datetime import timedelta

from muster.alerts.actions.intake import Intake
from muster.alerts.formats import MailAddresses
from muster.base.db.lanes import Lane
from muster.base.http import Http
from muster.base.secrets import Secrets
from muster.base.services import Services
from muster.base.work.runner import Handler
from muster.channels.callback_links import CallbackLinks
from muster.channels.email.jobs.incoming import IncomingMail
from muster.channels.email.settings import IncomingMailSettings, OutgoingMailSettings
from muster.channels.entry import Ground
from muster.channels.heartbeat_call import OutsideCall
from muster.channels.inbox.actions import Boxes
from muster.channels.jobs import handlers
from muster.channels.loops import build_loops
from muster.channels.registry import Channels
from muster.channels.web_push.actions import Browsers
from muster.paging.actions.deliver import Addresses, Deliverer
from muster.paging.actions.heartbeat import OwnHeartbeat
from muster.paging.actions.links import Links
from muster.paging.actions.loop_rounds import Watch
from muster.paging.settings import HeartbeatSettings
from muster.people.reach import ContactKind, Reach, secret_row

SHORTEST_BEAT = 10


def make(services: Services) -> None:
    """Make the channels, and what the features below need of them."""
    settings, secrets, http = services.settings, services.of(Secrets), services.of(Http)
    work, clock = services.database.lane(Lane.WORK), services.database.clock
    mail = IncomingMail(settings.of(IncomingMailSettings), secrets, work, services.of(Intake))
    links, browsers, boxes = CallbackLinks(settings.base_url, secrets, clock), Browsers(work, secrets), Boxes(work)
    sender = settings.of(OutgoingMailSettings).smtp_from
    channels = Channels(Ground(settings, secrets, http, clock, boxes.keep, links, browsers, mail.addresses, sender))
    loops = build_loops(settings, channels, mail.addresses, work, boxes.take_out)
    services.add(
        mail, links, browsers, channels, _reach(channels, secrets), _deliverer(services, channels), Watch(loops)
    )
    if mail.alert_addresses is not None:
        services.add(MailAddresses(mail.alert_addresses.of))
    heartbeat = settings.of(HeartbeatSettings)
    beat = OutsideCall(http, heartbeat.heartbeat_url) if heartbeat.heartbeat_url else None
    services.add(OwnHeartbeat(beat, timedelta(seconds=max(SHORTEST_BEAT, heartbeat.heartbeat_every))))


def jobs(services: Services) -> dict[str, Handler]:
    """The job kinds."""
    channels = services.of(Channels)
    return {
        **handlers(channels, services.of(Reach), services.settings.base_url),
        **services.of(IncomingMail).handlers(channels),
    }


def _reach(channels: Channels, secrets: Secrets) -> Reach:
    kinds = tuple(
        ContactKind(channel.kind, channel.form.label, channel.form.address, channel.form.example, channel.form.secret)
        for channel in channels.values()
    )
    return Reach(
        kinds,
        lambda kind, address: channels[kind].check_address(address),
        lambda kind, secret: channels[kind].check_secret(secret),
        secrets.seal,
    )


def _deliverer(services: Services, channels: Channels) -> Deliverer:
    links, secrets = services.of(Links), services.of(Secrets)
    return Deliverer(
        services.database.lane(Lane.WORK),
        channels,
        Addresses(links.answer, links.acknowledge_all, links.incident),
        lambda contact_id, sealed: secrets.open(sealed, secret_row(contact_id)),
    )
