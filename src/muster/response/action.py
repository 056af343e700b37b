"""What the response adds to the actions of an incident: closing it."""

from muster.base.access import Permission
from muster.incidents import lifecycle
from muster.incidents.action import IncidentAction
from muster.incidents.form import Dialog, FormField

CLOSE = IncidentAction(
    name="close",
    words="close",
    careful=True,
    label="Close",
    help="Close, if the plan's checklist is met and you are the one who may.",
    permission=Permission.INCIDENT_CLOSE,
    run="muster.response.actions.close:close",
    slug="close",
    fields=(FormField("note", "A last word", rows=2),),
    transition=lifecycle.CLOSE,
    step=True,
    key="x",
    dialog=Dialog("Close it", "Close", "Nothing pages for it any more, and its record stands as it is."),
    many=True,
)
ACTIONS = (CLOSE,)
