"""A stand-in for Muster in a process of its own: runs an embedded PostgreSQL until it is told to stop or is killed.

`python parent.py DATA_DIR FALLBACK` prints one line of JSON: {"dsn", "pid"}, or {"problem"} and ends.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

from muster.base.postgres import EmbeddedPostgres
from muster.kit.errors import Problem


async def main(data_dir: Path, fallback: Path) -> None:
    """Start, tell, wait for SIGTERM, stop."""
    postgres = EmbeddedPostgres(data_dir, fallback=fallback)
    told_to_stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told_to_stop.set)
    try:
        dsn = await postgres.start()
    except Problem as problem:
        print(json.dumps({"problem": str(problem)}), flush=True)
        return
    print(json.dumps({"dsn": dsn, "pid": postgres.pid}), flush=True)
    await told_to_stop.wait()
    await postgres.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
