"""Pages that put several features together: Now, the first steps, settings, what the palette finds."""

from muster.desk.pages import components, now, palette, settings, welcome

ROUTERS = (now.router, welcome.router, settings.router, palette.router, components.router)
