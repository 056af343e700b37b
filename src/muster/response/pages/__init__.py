"""What the plan asks of an incident in the browser: panels of its page, and the closure checklist."""

from muster.response.pages import checks

ROUTERS = (checks.router,)
