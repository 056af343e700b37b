"""Every action of an incident, of all features: what routes, commands, authority and documents follow from."""

from muster.incidents import action as incidents
from muster.response import action as response

ACTIONS = (*incidents.ACTIONS, *response.ACTIONS)
