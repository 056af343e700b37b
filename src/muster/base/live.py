"""Live topics: committed changes reach open pages and waiting workers, here at once and on other nodes by one NOTIFY a batch."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

QUEUE_BOUND = 256
RELAY_EVERY = 0.05
PAYLOAD_BOUND = 7000
CHANNEL = "muster_live"


class LiveHub:
    """Fans topics out to subscribers. A subscriber that falls behind gets the topic "*": reload everything."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self._listeners: list[Callable[[str], None]] = []
        self._outbox: dict[str, None] = {}
        self.outgoing = asyncio.Event()

    def on_topic(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with every topic, from whichever node it came; for caches and the worker."""
        self._listeners.append(listener)

    def publish(self, topics: Iterable[str]) -> None:
        """Tell local subscribers now and other nodes with the next relay."""
        topics = list(topics)
        self.deliver(topics)
        if topics:
            self._outbox.update(dict.fromkeys(topics))
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

    def take_outgoing(self) -> list[str]:
        """Drain what other nodes have not been told yet."""
        topics = list(self._outbox)
        self._outbox.clear()
        self.outgoing.clear()
        return topics

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


def batches(topics: list[str], node: str) -> list[str]:
    """NOTIFY payloads (under PostgreSQL's 8,000 bytes) that carry all topics and the sending node's name."""
    payloads: list[str] = []
    batch: list[str] = []
    size = 0
    for topic in topics:
        if batch and size + len(topic) > PAYLOAD_BOUND:
            payloads.append(json.dumps([node, batch]))
            batch, size = [], 0
        batch.append(topic)
        size += len(topic) + 4
    if batch:
        payloads.append(json.dumps([node, batch]))
    return payloads


async def relay(hub: LiveHub, node: str, connect: Callable[[], Any]) -> None:
    """Run for ever: exchange topics with the other nodes over one connection of its own, reconnecting as needed."""
    while True:
        conn = None
        try:
            conn = await connect()

            def heard(_conn: object, _pid: int, _channel: str, payload: object) -> None:
                sender, topics = json.loads(str(payload))
                if sender != node:
                    hub.deliver(topics)

            await conn.add_listener(CHANNEL, heard)
            hub.everything_may_have_changed()
            while not conn.is_closed():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(5):
                        await hub.outgoing.wait()
                for payload in batches(hub.take_outgoing(), node):
                    await conn.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
                await asyncio.sleep(RELAY_EVERY)
        except asyncio.CancelledError:
            raise
        except Exception:
            await asyncio.sleep(0.5)
        finally:
            if conn is not None:
                with contextlib.suppress(Exception):
                    conn.terminate()
