"""A kind of check such as a feature above the response brings: a closing notice, with fields and facts of its own."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from muster.base.features import installed, ports_of
from muster.base.ports import Ports
from muster.base.unit import Unit
from muster.incidents.actions.facts import FactSource
from muster.incidents.actions.guard import Held
from muster.incidents.closure_check import ClosureCheck, Judgement
from muster.incidents.decision import Fulfilment
from muster.incidents.facts import Facts
from muster.plan.check_kind import CheckKind
from muster.plan.model.closure import Check
from muster.plan.model.fields import SeverityName, TargetField
from muster.plan.model.plan import Plan
from muster.plan.model.section import Section
from muster.plan.words import target_words


class NoticeFields(Section):
    """To whom the notice goes."""

    to: TargetField = Field(description="Who must have heard that it is over.")
    urgent: tuple[SeverityName, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Who sent the closing notice; empty while nobody has."""

    sent_by: str


def judge(plan: Plan, check: Check, fields: NoticeFields, facts: Facts, now: datetime) -> Judgement | None:
    """It is met once the notice is sent."""
    notice = facts.of(NoticeFacts)
    if notice is None:
        return None
    if notice.sent_by:
        return Judgement(met=True, by=notice.sent_by)
    reason = f"No closing notice went to {target_words(plan, fields.to)}."
    return Judgement(
        met=False, reason=reason, who="Anybody.", mine=True, action=Fulfilment("notices", "Send the notice")
    )


NOTICE = ClosureCheck(
    name="closing_notice_sent",
    words=lambda check, fields: f"A closing notice went to {fields.to}.",
    fields=NoticeFields,
    title=lambda check: "The closing notice is out",
    judge=judge,
)


def ports_with_notice(sent_by: str | None = None) -> Ports:
    """What is installed, and the notice; where `sent_by` is None its facts cannot be loaded."""

    async def load(unit: Unit, held: Held) -> NoticeFacts:
        if sent_by is None:
            raise RuntimeError("The register of notices is broken.")
        return NoticeFacts(sent_by)

    ports = ports_of(installed())
    brought: dict[type, object] = {
        CheckKind: NOTICE,
        ClosureCheck: NOTICE,
        FactSource: FactSource(NoticeFacts, load),
    }
    return Ports(load=lambda port: (*ports.of(port), *((brought[port],) if port in brought else ())))
