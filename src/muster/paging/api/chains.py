"""What is wrong with the plan's chains as JSON: asked anew at every request."""

from datetime import datetime

from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.paging.actions.chain_check import look
from muster.paging.chain_flaws import Flaw

router = api_router("/chains", "chains")


class FlawOut(BaseModel):
    """One weakness of a policy; `start` and `end` are its first stretch in the next 90 days, `times` how many there are.

    `weakness`: nobody, conditional, unproven (no contact is proved), first_step (it wakes nobody, later ones do), departed.
    """

    policy: str
    weakness: str
    sentence: str
    start: datetime
    end: datetime
    times: int

    @classmethod
    def of(cls, flaw: Flaw) -> "FlawOut":
        """From the domain value."""
        return cls(**{name: getattr(flaw, name) for name in cls.model_fields})


@router.get("")
@needs(Permission.PLAN_READ)
async def list_flaws(unit: Uses) -> list[FlawOut]:
    """Look at every chain 90 days ahead, and list what is wrong, the gravest first."""
    return [FlawOut.of(each) for each in await look(unit)]
