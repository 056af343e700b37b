"""Where to report a weakness: /.well-known/security.txt (RFC 9116)."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from muster.base.web.needs import public
from muster.base.web.services import services_of
from muster.kit.errors import Fault, Invalid, Missing
from muster.operations.settings import OutsideSettings

LIFE = timedelta(days=180)
SCHEMES = ("mailto:", "https://", "tel:")

router = APIRouter(include_in_schema=False)


def check_contact(contact: str) -> None:
    """Refuse a contact that nobody could follow.

    Raises:
        Invalid: it is no mailto:, https: or tel: address on one line.
    """
    if contact and (not contact.startswith(SCHEMES) or any(letter.isspace() for letter in contact)):
        rule = f"{contact!r} is no address of the form mailto:, https:// or tel:."
        fault = Fault("MUSTER_SECURITY_CONTACT", rule, "Write it like mailto:security@example.org.")
        raise Invalid("Some settings cannot be read.", faults=[fault])


def security_txt(contact: str, base_url: str, now: datetime) -> str:
    """The file. It expires half a year from the day on which it is read, so that a Muster that is gone does not speak on."""
    expires = (now + LIFE).replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        f"Contact: {contact}\n"
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
        "Preferred-Languages: en\n"
        f"Canonical: {base_url}/.well-known/security.txt\n"
    )


@router.get("/.well-known/security.txt")
@public("whoever found a weakness has no account")
async def show_security_txt(request: Request) -> PlainTextResponse:
    """Tell whom to write to."""
    services = services_of(request)
    settings = services.settings
    contact = settings.of(OutsideSettings).security_contact
    if not contact:
        raise Missing("This Muster names no security contact.", "Its administrator sets MUSTER_SECURITY_CONTACT.")
    return PlainTextResponse(security_txt(contact, settings.base_url, services.database.clock.now()))
