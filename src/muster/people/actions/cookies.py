"""The cookies by which a browser is recognised."""

from muster.base.web.cookies import Cookie
from muster.people.brake import DEVICE_LIFE
from muster.people.session import LONGEST

SESSION = Cookie("muster_session", LONGEST)
VISIT = Cookie("muster_visit")
"""Carries randomness before anybody is signed in, so that the sign-in form, too, can prove where it came from."""

DEVICE = Cookie("muster_device", DEVICE_LIFE)
"""By it a browser is known from before: see `brake`."""
