"""How long a proof that pages reach somebody is believed (R72, R73)."""

from datetime import timedelta

from pydantic import Field

from muster.plan.model.fields import Duration
from muster.plan.model.section import Section


class Contacts(Section):
    """A contact that was proved `reprove_every` ago counts as unproven until its owner answers a test; they are asked
    `ask_before` that."""

    reprove_every: Duration = Field(timedelta(days=90), ge=timedelta(days=1), le=timedelta(days=1000))
    ask_before: Duration = Field(timedelta(days=7), ge=timedelta(0), le=timedelta(days=90))
