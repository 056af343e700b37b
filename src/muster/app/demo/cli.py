"""`muster demo`: starts a fresh Muster, fills it, plays an incident, and leaves the browser on it."""

import asyncio
import contextlib
import secrets
import webbrowser
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import cyclopts

from muster.app.demo.story import DemoStage, play
from muster.base.db.clock import DatabaseClock
from muster.base.logs import announce
from muster.base.settings import Settings, read_settings
from muster.kit.errors import Conflict

EMAIL = "amara@tidewater.example"


def demo(
    *,
    data_dir: Path = Path("var/demo"),
    browser: Annotated[bool, cyclopts.Parameter(help="Open the browser where there is one.")] = True,
) -> None:
    """Start a Muster with a believable organisation and play an incident through it: real signals, real pages.

    Parameters
    ----------
    data_dir
        Where the demonstration keeps its database; delete the directory to play it anew.
    """
    import uvloop

    from muster.base.logs import configure_logs

    settings = replace(read_settings(), data_dir=data_dir, database_url="", node="demo")
    configure_logs("warning", settings.log_format)
    uvloop.run(_run(settings, browser))


async def _run(settings: Settings, browser: bool) -> None:
    from muster.app.serve import serve

    # The demonstration itself is the first to use the server, so it starts it and then plays beside it.
    ready = asyncio.Event()
    serving = asyncio.create_task(serve(settings, announce=False, ready=ready))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        try:
            await _play(settings, browser)
        except BaseException:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            raise
    waiting.cancel()
    await serving


async def _play(settings: Settings, browser: bool) -> None:
    from muster.operations.actions.setup import initialise_here

    password = secrets.token_urlsafe(9)
    try:
        made = await initialise_here(settings, "Tidewater", EMAIL, password, "Amara Okafor", "Europe/Lisbon")
    except Conflict:
        place = settings.data_dir.absolute()
        raise Conflict("The demonstration was played here already.", f"Delete {place} to play it anew.") from None
    stage = DemoStage(f"http://127.0.0.1:{settings.port}", made["token"], announce, DatabaseClock())
    try:
        text = (files("muster.app.demo") / "organisation.yaml").read_text()
        await stage.call("POST", "/apply", {"sources": [{"file": "organisation.yaml", "text": text}]})
        announce(
            "Tidewater is set up: five people, two teams, two schedules, holidays, two workloads and a response plan."
        )
        ref = await play(stage)
    finally:
        await stage.close()
    address = f"{settings.base_url}/incidents/{ref}"
    announce(f"\nOpen {address}\nSign in as {EMAIL} with the password {password}\nCtrl-C ends the demonstration.")
    if browser:
        with contextlib.suppress(webbrowser.Error):
            await asyncio.to_thread(webbrowser.open, address)
