"""Has new passwords looked up in the local list of breached ones, where there is one."""

from pathlib import Path

from muster.base.breached import open_breached
from muster.base.bus import Bus
from muster.base.settings import Settings
from muster.base.unit import Unit
from muster.kit.errors import Fault
from muster.people.happenings import PasswordChosen
from muster.people.settings import PasswordSettings

RULE = "This password is in a list of stolen passwords."


def judge_passwords(bus: Bus, settings: Settings) -> None:
    """Subscribe the list of MUSTER_BREACHED_PASSWORDS.

    Raises:
        Invalid: it cannot be read.
    """
    file = settings.of(PasswordSettings).breached_passwords
    if not file:
        return
    breached = open_breached(Path(file).expanduser())

    async def judge(unit: Unit, chosen: PasswordChosen) -> None:
        if breached.holds(chosen.password):
            chosen.faults.append(Fault("password", RULE, "Choose another one, of three or four unrelated words."))

    bus.subscribe(PasswordChosen, judge)
