"""Live topics: committed changes reach open pages and waiting workers, here at once and on other nodes by one NOTIFY a batch.

Whoever answers from memory must know that it hears the others. A process therefore listens for its own echo: each beat of its
worker sends one by another connection than the one that listens, as the others' messages come too.
"""

import asyncio
import contextlib
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import structlog

QUEUE_BOUND = 256
RELAY_EVERY = 0.05
PAYLOAD_BOUND = 7000
CHANNEL = "muster_live"
AUTHORITY = "people"
"""The topic of persons, sessions and tokens: who may do what may have changed."""
ECHO = "echo:"
PATIENCE = 3.0
"""Seconds after which a missing echo means that other nodes are not heard."""
DEAF_AFTER = 10.0

log = structlog.get_logger("muster.live")


class LiveHub:
    """Fans topics out to subscribers. A subscriber that falls behind gets the topic "*": reload everything."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._queues: defaultdict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self._listeners: list[Callable[[str], None]] = []
        self._outbox: dict[str, int] = {}
        self._published = 0
        self._monotonic = monotonic
        self._must_prove = False
        self._echoes, self._last_echo, self._echo_at = 0, 0, float("-inf")
        self._proven = False
        self._due_since = float("inf")
        self.outgoing = asyncio.Event()

    @property
    def proven(self) -> bool:
        """Whether changes on other nodes are sure to be heard here: nothing may be answered from memory otherwise."""
        return not self._must_prove or (self._proven and self._monotonic() - self._echo_at <= PATIENCE)

    @property
    def deaf(self) -> bool:
        """Whether other nodes are not heard, and not only for a moment: answers are slower then, and pages renew late."""
        return not self.proven and self._monotonic() - max(self._due_since, self._echo_at) > DEAF_AFTER

    def must_prove(self) -> None:
        """From here on there may be other nodes: they are heard only as long as the own echo comes."""
        self._must_prove, self._due_since = True, self._monotonic()

    def next_echo(self) -> int:
        """The number of the next echo."""
        self._echoes += 1
        return self._echoes

    def lost(self) -> None:
        """The connection that listens is gone."""
        self._proven, self._last_echo = False, 0

    def heard_echo(self, number: int) -> None:
        """An own echo came. Two in a row prove that the listener lives; what was missed before is unknown, so all is renewed."""
        in_time = self._monotonic() - self._echo_at <= PATIENCE
        follows = number == self._last_echo + 1 and in_time
        was_proven = self._proven and in_time
        self._last_echo, self._echo_at = number, self._monotonic()
        self._proven = follows or was_proven
        if self._proven and not was_proven:
            self.everything_may_have_changed()

    def on_topic(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with every topic, from whichever node it came; for caches and the worker."""
        self._listeners.append(listener)

    def publish(self, topics: Iterable[str]) -> None:
        """Tell local subscribers now and other nodes with the next relay."""
        topics = list(topics)
        self.deliver(topics)
        if topics:
            self._published += 1
            self._outbox.update(dict.fromkeys(topics, self._published))
            self.outgoing.set()

    def deliver(self, topics: Iterable[str]) -> None:
        """Tell local subscribers only."""
        for topic in topics:
            for listener in self._listeners:
                listener(topic)
            for queue in list(self._queues.get(topic, ())):
                _put(queue, topic)

    def everything_may_have_changed(self) -> None:
        """After a lost link to the database: every open page reloads."""
        self.deliver(["*"])
        for queues in list(self._queues.values()):
            for queue in list(queues):
                _put(queue, "*")

    def outbox(self) -> dict[str, int]:
        """What other nodes have not been told yet, each with the number of its latest publication."""
        self.outgoing.clear()
        return dict(self._outbox)

    def told(self, topics: dict[str, int]) -> None:
        """Other nodes have been told; a topic that was published again meanwhile stays."""
        for topic, number in topics.items():
            if self._outbox.get(topic) == number:
                del self._outbox[topic]

    def wake(self, queue: "asyncio.Queue[str]") -> None:
        """Have whoever waits on this queue look around."""
        _put(queue, "")

    @contextlib.asynccontextmanager
    async def subscribe(self, topics: Iterable[str]) -> AsyncIterator["asyncio.Queue[str]"]:
        """A bounded queue of changed topics for one page."""
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_BOUND)
        topics = list(topics)
        for topic in topics:
            self._queues[topic].add(queue)
        try:
            yield queue
        finally:
            for topic in topics:
                self._queues[topic].discard(queue)
                if not self._queues[topic]:
                    del self._queues[topic]


def _put(queue: "asyncio.Queue[str]", topic: str) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        topic = "*"
    queue.put_nowait(topic)


def batches(topics: Iterable[str], sender: str) -> list[str]:
    """NOTIFY payloads (under PostgreSQL's 8,000 bytes) that carry all topics and the id of the sending process."""
    payloads: list[str] = []
    batch: list[str] = []
    size = 0
    for topic in topics:
        if batch and size + len(topic) > PAYLOAD_BOUND:
            payloads.append(json.dumps([sender, batch]))
            batch, size = [], 0
        batch.append(topic)
        size += len(topic) + 4
    if batch:
        payloads.append(json.dumps([sender, batch]))
    return payloads


def echo(sender: str, number: int) -> str:
    """The payload that only its own sender heeds."""
    return json.dumps([sender, [f"{ECHO}{number}"]])


async def relay(hub: LiveHub, sender: str, listen: Callable[[], Any], send: Callable[[str], Awaitable[None]]) -> None:
    """Run for ever: exchange topics with the other nodes, reconnecting as needed.

    `sender` is the id of this process. `listen` opens the connection that listens; nothing is ever sent on it, so that a pooler
    which does not keep LISTEN is noticed. `send` sends a payload by another connection.
    """
    # Where one of the two fails, the other ends too, and whoever supervises this begins both anew.
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_hear(hub, sender, listen, send))
            both.create_task(_tell(hub, sender, send))
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def _hear(hub: LiveHub, sender: str, listen: Callable[[], Any], send: Callable[[str], Awaitable[None]]) -> None:
    def heard(_conn: object, _pid: int, _channel: str, payload: object) -> None:
        by, topics = json.loads(str(payload))
        if by != sender:
            hub.deliver([topic for topic in topics if not topic.startswith(ECHO)])
            return
        for topic in topics:
            if topic.startswith(ECHO):
                hub.heard_echo(int(topic.removeprefix(ECHO)))

    while True:
        conn, ended = None, asyncio.Event()
        try:
            conn = await listen()
            conn.add_termination_listener(lambda _conn, ended=ended: ended.set())
            await conn.add_listener(CHANNEL, heard)
            hub.everything_may_have_changed()
            for _ in range(2):
                # Two at once, so that a listener that lives is proven without waiting for the beat.
                await send(echo(sender, hub.next_echo()))
            await ended.wait()
        except Exception as error:
            log.warning("live.not_listening", error=str(error) or type(error).__name__)
        finally:
            hub.lost()
            if conn is not None:
                with contextlib.suppress(Exception):
                    conn.terminate()
        await asyncio.sleep(0.5)


async def _tell(hub: LiveHub, sender: str, send: Callable[[str], Awaitable[None]]) -> None:
    while True:
        await hub.outgoing.wait()
        outbox = hub.outbox()
        try:
            for payload in batches(outbox, sender):
                await send(payload)
        except Exception as error:
            # Not told yet: the topics stay, and go out with the next attempt.
            log.warning("live.not_told", topics=len(outbox), error=str(error) or type(error).__name__)
            hub.outgoing.set()
            await asyncio.sleep(0.5)
        else:
            hub.told(outbox)
        await asyncio.sleep(RELAY_EVERY)
