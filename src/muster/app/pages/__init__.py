"""Pages that put several features together: Now, the first steps, settings, channels, the inbox, what the palette finds."""

from muster.app.pages import channels, components, inbox, now, palette, settings, welcome

ROUTERS = (
    now.router,
    welcome.router,
    settings.router,
    channels.router,
    inbox.router,
    palette.router,
    components.router,
)
