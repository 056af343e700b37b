"""The echo that proves a listener: two in a row count, a missing one ends it, and its return trusts no old memory."""

import asyncio
import contextlib
import json
from typing import Any

import pytest

from muster.base.live import PATIENCE, LiveHub, batches, echo, relay


class Hub(LiveHub):
    """With a clock that the test moves, and what it was told to renew."""

    def __init__(self) -> None:
        self.seconds = 0.0
        super().__init__(lambda: self.seconds)
        self.heard: list[str] = []
        self.on_topic(self.heard.append)
        self.must_prove()


def test_two_echoes_in_a_row_prove_the_listener() -> None:
    hub = Hub()
    assert not hub.proven
    hub.heard_echo(7)
    assert not hub.proven
    hub.seconds = 1
    hub.heard_echo(8)
    assert hub.proven
    assert hub.heard == ["*"]


def test_a_missing_echo_ends_the_proof_and_its_return_renews_everything() -> None:
    hub = Hub()
    for number in (1, 2):
        hub.heard_echo(number)
    hub.seconds = PATIENCE + 0.1
    assert not hub.proven
    hub.heard_echo(9)
    assert not hub.proven
    hub.seconds += 1
    hub.heard_echo(10)
    assert hub.proven
    assert hub.heard == ["*", "*"]


def test_echoes_with_gaps_prove_nothing() -> None:
    hub = Hub()
    for number in (1, 3, 5):
        hub.heard_echo(number)
    assert not hub.proven


def test_one_lost_beat_among_many_does_not_end_the_proof() -> None:
    hub = Hub()
    for number in (1, 2, 4):
        hub.heard_echo(number)
    assert hub.proven


def test_a_lost_connection_ends_the_proof_at_once() -> None:
    hub = Hub()
    for number in (1, 2):
        hub.heard_echo(number)
    hub.lost()
    assert not hub.proven
    hub.heard_echo(3)
    assert not hub.proven


def test_where_nobody_else_can_be_nothing_need_be_proven() -> None:
    assert LiveHub().proven


class Listening:
    """A connection that listens: `say` is what arrives on it."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.say: Any = None
        self.terminated = False

    async def add_listener(self, _channel: str, heard: Any) -> None:
        self.say = lambda payload: heard(self, 0, "", payload)
        self.ready.set()

    def add_termination_listener(self, _call: Any) -> None:
        """It does not end by itself."""

    def terminate(self) -> None:
        """Ends."""
        self.terminated = True


async def test_topics_go_out_until_notify_succeeded_and_echoes_reach_only_their_sender() -> None:
    hub, conn = Hub(), Listening()
    sent: list[str] = []
    failures = 1
    told = asyncio.Event()

    async def listen() -> Listening:
        return conn

    async def send(payload: str) -> None:
        nonlocal failures
        if failures and "alert" in payload:
            failures -= 1
            raise OSError("the database is away")
        sent.append(payload)
        if "alert" in payload:
            told.set()

    task = asyncio.create_task(relay(hub, "me", listen, send))
    try:
        async with asyncio.timeout(10):
            await conn.ready.wait()
            hub.publish(["alert:1"])
            await told.wait()
        assert ["me", ["alert:1"]] in [json.loads(payload) for payload in sent]
        hub.heard.clear()
        conn.say(batches(["alert:2"], "me")[0])
        conn.say(batches(["alert:3"], "another")[0])
        conn.say(echo("another", 1))
        assert hub.heard == ["alert:3"]
        conn.say(echo("me", 1))
        conn.say(echo("me", 2))
        assert hub.proven
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_a_topic_that_is_published_again_while_it_is_sent_goes_out_again() -> None:
    hub = Hub()
    hub.publish(["alert:1", "alert:2"])
    outbox = hub.outbox()
    hub.publish(["alert:1"])
    hub.told(outbox)
    assert list(hub.outbox()) == ["alert:1"]


async def test_where_one_half_of_the_relay_fails_the_other_ends_too() -> None:
    """Else a supervisor would begin a second one beside it, each time."""
    hub, conn = Hub(), Listening()
    hub.outbox = broken  # type: ignore[method-assign]

    async def listen() -> Listening:
        return conn

    async def send(_: str) -> None:
        return

    task = asyncio.create_task(relay(hub, "me", listen, send))
    async with asyncio.timeout(10):
        await conn.ready.wait()
        hub.publish(["alert:1"])
        with pytest.raises(ZeroDivisionError):
            await task
    assert conn.terminated


def broken() -> dict[str, int]:
    return {"alert:1": 1 // 0}
