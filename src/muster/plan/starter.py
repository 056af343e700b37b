"""The plan that a fresh installation begins with: good enough to page somebody within minutes, written to be changed."""

from importlib.resources import files
from string import Template


def starter_plan(admin: str, team: str | None = None, schedule: str | None = None, time_zone: str = "UTC") -> str:
    """The starter plan's YAML for one administrator and, where they exist, a team and its schedule (names).

    The schedule's person is paged first, then the administrator, then the whole team.
    """
    everybody = f"team:{team}" if team else f"person:{admin}"
    first = f"schedule:{schedule}" if schedule else f"person:{admin}"
    second = f"person:{admin}" if schedule else everybody
    text = files("muster.plan").joinpath("starter.yaml").read_text(encoding="utf-8")
    return Template(text).substitute(
        owner=everybody, time_zone=time_zone, first=first, second=second, everybody=everybody
    )
