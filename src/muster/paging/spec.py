"""What paging is asked to do: an incident, its words, and the steps as they are frozen at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from muster.kit.link import Link
from muster.paging.page import Purpose
from muster.plan.steps import FrozenStep


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One run through one escalation policy for one incident.

    `steps` are frozen: a later plan changes nothing in this run. `why` says in a sentence what led to this policy, `facts`
    are JSON facts for programs and for the steps' conditions, `roles` names who holds a role of the incident already
    (role → person). `purpose` tells what its people are woken for, `asked_by` who asks them, where somebody does, and
    `drill` that nothing is wrong and they practise.
    """

    incident_id: UUID
    ref: str
    title: str
    summary: str
    severity: str
    policy: str
    steps: tuple[FrozenStep, ...]
    plan_version_id: UUID
    why: str
    next_step: str = ""
    links: tuple[Link, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    purpose: Purpose = Purpose.INCIDENT
    asked_by: str = ""
    drill: bool = False
