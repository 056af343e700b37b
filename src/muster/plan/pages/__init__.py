"""The plan in the browser: read it, compare its versions, edit it with its faults in sight. (Trying it out is paging's.)"""

from muster.plan.pages import comparing, editing, reading

ROUTERS = (reading.router, comparing.router, editing.router)
