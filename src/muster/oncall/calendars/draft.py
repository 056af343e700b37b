"""What somebody wants a calendar to be, and what is wrong with that: one draft for API, manifest and form."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from muster.kit.errors import Broken, Invalid
from muster.kit.faults import faults_of
from muster.oncall.calendars.calendar import CalendarKind
from muster.oncall.schedules.notation import quoted
from muster.people.rules import label_faults, name_faults


def read_calendar_draft(document: object) -> "CalendarDraft":
    """Read a calendar from its manifest form: `{name, title, entries: holidays | shifts, url | text}`.

    Raises:
        Invalid: with one fault for each thing that is wrong.
    """
    try:
        return CalendarDraft.model_validate(document)
    except ValidationError as error:
        raise Invalid("This calendar cannot be used.", faults=faults_of(error, CalendarDraft)) from None


def address_of(url: str) -> str:
    """An address as it is fetched: `webcal:` is how calendars write https."""
    stripped = url.strip()
    return f"https:{stripped[7:]}" if stripped[:7].lower() == "webcal:" else stripped


def _name(name: str) -> str:
    for fault in name_faults("name", name):
        raise Broken(fault.rule, fault.fix)
    return name


def _title(title: str) -> str:
    for fault in label_faults("title", title, "The title", required=False):
        raise Broken(fault.rule, fault.fix)
    return title.strip()


def _kind(value: object) -> CalendarKind:
    if isinstance(value, str) and value in list(CalendarKind):
        return CalendarKind(value)
    raise Broken(f"{quoted(value)} is not what a calendar holds.", "Write entries: holidays or entries: shifts.")


def _or_empty(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_or_empty)]


class CalendarDraft(BaseModel):
    """A calendar of holidays or of shifts, from the address `url` or with the given iCalendar `text`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["Calendar"] = "Calendar"
    name: Annotated[str, AfterValidator(_name)] = Field(examples=["se-holidays"])
    title: Annotated[Text, AfterValidator(_title)] = ""
    entries: Annotated[CalendarKind, BeforeValidator(_kind)] = Field(examples=["holidays"])
    text: Text = ""
    url: Annotated[Text, AfterValidator(address_of)] = Field("", validate_default=True)
    organizers: StrictBool = Field(
        False, description="Let the organizer of an event stand for it where it names nobody else."
    )

    @field_validator("url")
    @classmethod
    def _one_source(cls, url: str, info: ValidationInfo) -> str:
        if bool(url) == bool(info.data.get("text", "").strip()):
            raise Broken("A calendar has either an address or a text.", "Write url or text, not both.")
        if url and not _is_address(url):
            rule = "This is not the address of a calendar."
            raise Broken(rule, "Write it as https://host/path.ics (webcal: works too).")
        return url


class CalendarChange(CalendarDraft):
    """A change of a calendar that is named elsewhere."""

    name: str = Field("", description="The name that it has; it stays.")

    def named(self, name: str) -> CalendarDraft:
        """What the calendar of that name is to be."""
        return self if self.name else self.model_copy(update={"name": name})


def host_of(url: str) -> str:
    """Where an address leads, without the secret that its path often is."""
    return urlsplit(url).hostname or ""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= 2000 and url.isprintable()
