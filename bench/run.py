"""Runs all measurements, Alertmanager and Muster in turn, and prints them with their ratios.

    .venv/bin/python -m bench.run            # about three minutes
    .venv/bin/python -m bench.run --quick    # a minute, for a first look

Needs `wrk` and `prometheus-alertmanager` from Debian's packages. Close other programs: the load generator shares the cores.
"""

import argparse
import asyncio
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from bench.latency import Run, Sink, measure
from bench.peers import Peer, alertmanager, memory, muster, settle

HERE = Path(__file__).parent


def intake(peer: Peer, size: int, seconds: int) -> float:
    """Alerts a second at `size` alerts in a request, over 10,000 distinct alerts that are known already."""
    words = ["wrk", "-t1", "-c32", f"-d{seconds}s", "-s", str(HERE / "intake.lua"), f"{peer.target}/api/v2/alerts"]
    for warm in (True, False):
        batch = 64 if warm else size
        done = subprocess.run([*words, "--", str(batch), "10000"], capture_output=True, text=True, check=True)
    rate, _, _, errors = next(line for line in done.stdout.splitlines() if line.startswith("RESULT")).split()[1:]
    if int(errors):
        raise SystemExit(f"{peer.name}: {errors} requests failed")
    return float(rate) * size


async def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    quick = options.parse_args().quick
    seconds, count, storm = (4, 150, 1500) if quick else (12, 500, 6000)
    async with Sink() as sink:
        for size in (1, 64):
            theirs = await _alone(lambda: alertmanager(sink.url, grouped=True), size, seconds)
            ours = await _alone(lambda: muster(sink.url, "service"), size, seconds)
            print(
                f"intake, {size} a request: Muster {ours:,.0f} alerts/s, Alertmanager {theirs:,.0f}; {ours / theirs:.1f} times"
            )
        with alertmanager(sink.url, grouped=False) as peer:
            await settle()
            their_steady = await measure(peer.target, sink, count=count, rate=50)
            their_storm = await measure(peer.target, sink, count=storm, rate=0)
        with muster(sink.url, "service") as peer:
            await settle(3)
            print(f"start, empty directory to ready: {peer.ready_after:.1f} s; idle memory {memory(peer.pid):.0f} MB")
            steady = await measure(peer.target, sink, count=count, rate=50)
            stormed = await measure(peer.target, sink, count=storm, rate=0)
    _show("alert to page at 50/s", steady, their_steady)
    _show(f"storm of {storm:,} at once", stormed, their_storm)


async def _alone(start: Callable[[], AbstractContextManager[Peer]], size: int, seconds: int) -> float:
    with start() as peer:
        await settle()
        return await asyncio.to_thread(intake, peer, size, seconds)


def _show(title: str, ours: Run, theirs: Run) -> None:
    print(
        f"{title}: Muster p50 {ours.percentile(0.5):.1f} ms, p99 {ours.percentile(0.99):.1f} ms, all after {ours.whole:.1f} s, "
        f"lost {ours.lost}, twice {ours.twice}, refused {ours.refused}; Alertmanager p50 {theirs.percentile(0.5):.1f} ms, "
        f"p99 {theirs.percentile(0.99):.1f} ms, all after {theirs.whole:.1f} s, lost {theirs.lost}"
    )


if __name__ == "__main__":
    asyncio.run(main())
