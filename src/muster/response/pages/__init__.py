"""An incident in the browser with its obligations, and what people do to it."""

from muster.response.pages import asking, belongings, show, verbs

ROUTERS = (show.router, verbs.router, asking.router, belongings.router)
