"""The plan in the browser: read it, compare its versions, edit it with its faults in sight, try it out."""

from muster.plan.pages import comparing, editing, reading, trying

ROUTERS = (reading.router, comparing.router, editing.router, trying.router)
