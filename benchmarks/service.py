"""What a service bears: python benchmarks/service.py --model DIR [--workers 2] [--store URL].

    lists     personal, explained, k = 10, at a rate: latencies in ms; then as many as it can
    events    singly from 8 connections, and in batches of 1,000 from 4: durable events a second

The client is on the same machine and takes its share of it, which is said: ``cpu_ms`` has what
each list and each batch costs the service and the client.  Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import compileall
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import penchant
from penchant.engine import Penchant
from processes import serving


class Connection:
    """One HTTP connection that stays open."""

    def __init__(self, port: int, secret: str) -> None:
        self._port = port
        self._head = f"host: localhost\r\nx-api-key: {secret}\r\ncontent-type: application/json"

    async def open(self) -> Connection:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def post(self, path: str, data: bytes) -> bytes:
        """Send a request with a JSON body and return the answer's.

        Raises:
            RuntimeError: If it is not 200.
        """
        head = f"POST {path} HTTP/1.1\r\n{self._head}\r\ncontent-length: {len(data)}\r\n\r\n"
        self._writer.write(head.encode() + data)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(lines.split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = await self._reader.readexactly(length)
        if b" 200 " not in lines[:15]:
            raise RuntimeError(answer.decode())
        return answer


class Events:
    """Bodies of events, each with an id of its own, made quickly: the client shares the cores.

    Args:
        users: Ids of users, taken in turn.
        items: Ids of items, taken in turn.
    """

    def __init__(self, users: list[str], items: list[str]) -> None:
        self._rests = [
            json.dumps({"user_id": user, "item_id": items[n % len(items)], "event": "view"})[1:]
            for n, user in enumerate(users * 4)
        ]

    def one(self, number: int) -> bytes:
        """Return one event."""
        return self._row(os.urandom(16).hex(), number).encode()

    def many(self, count: int) -> bytes:
        """Return an array of *count* events."""
        ids = os.urandom(16 * count).hex()
        rows = (self._row(ids[32 * n : 32 * n + 32], n) for n in range(count))
        return f"[{','.join(rows)}]".encode()

    def _row(self, name: str, number: int) -> str:
        return f'{{"event_id": "{name}", {self._rests[number % len(self._rests)]}'


class Cpu:
    """Seconds of processor of a process with all below it, and of this one."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._last = self._now()

    def since(self) -> tuple[float, float]:
        """Return what the service and this process took since the last call."""
        before, self._last = self._last, self._now()
        return self._last[0] - before[0], self._last[1] - before[1]

    def _now(self) -> tuple[float, float]:
        ticks = sum(map(_ticks, family(self._pid)))
        return ticks / os.sysconf("SC_CLK_TCK"), time.process_time()


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in below for one in family(int(child)))]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def listening(port: int) -> int:
    """Return how many sockets of this machine wait for connections at *port*."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    places = (line.split()[1:4:2] for line in lines)
    return sum(at.endswith(f":{port:04X}") and state == "0A" for at, state in places)


async def at_rate(
    ask: Callable[[Connection, int], Awaitable[bytes]],
    made: list[Connection],
    *,
    rate: float,
    n: int,
) -> list[float]:
    """Ask *n* times, *rate* times a second, and return how long each took from its moment on.

    A thread rings the moments: asyncio's own timer counts whole milliseconds and rings .7 ms late.
    """
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in made:
        free.put_nowait(connection)
    due: asyncio.Queue[tuple[int, float]] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    took = []

    def ring() -> None:
        start = time.perf_counter()
        for number in range(n):
            moment = start + number / rate
            time.sleep(max(0, moment - time.perf_counter()))
            loop.call_soon_threadsafe(due.put_nowait, (number, moment))

    async def one() -> None:
        number, moment = await due.get()
        connection = await free.get()
        await ask(connection, number)
        free.put_nowait(connection)
        took.append(1000 * (time.perf_counter() - moment))

    await asyncio.gather(asyncio.to_thread(ring), *(one() for _ in range(n)))
    return took


async def saturated(
    ask: Callable[[Connection, int], Awaitable[bytes]], made: list[Connection], *, seconds: float
) -> float:
    """Ask from all connections without a pause and return requests a second."""
    start, done = time.perf_counter(), 0

    async def run(connection: Connection, first: int) -> None:
        nonlocal done
        number = first
        while time.perf_counter() - start < seconds:
            await ask(connection, number)
            number += len(made)
            done += 1

    await asyncio.gather(*(run(connection, n) for n, connection in enumerate(made)))
    return done / (time.perf_counter() - start)


async def measure(
    port: int, secret: str, users: list[str], items: list[str], *, pid: int
) -> dict[str, object]:
    """Return all figures."""
    many = [await Connection(port, secret).open() for _ in range(8)]
    asked = [json.dumps({"user_id": user, "k": 10}).encode() for user in users]
    events, cpu = Events(users, items), Cpu(pid)

    def lists(connection: Connection, number: int) -> Awaitable[bytes]:
        return connection.post("/v1/recommendations", asked[number % len(asked)])

    def single(connection: Connection, number: int) -> Awaitable[bytes]:
        return connection.post("/v1/events", events.one(number))

    def batch(connection: Connection, _: int) -> Awaitable[bytes]:
        return connection.post("/v1/events", events.many(1000))

    costs: dict[str, list[float]] = {}

    async def most(name: str, ask: Callable[[Connection, int], Awaitable[bytes]]) -> float:
        cpu.since()
        rate = await saturated(ask, many[:4] if ask is batch else many, seconds=10)
        costs[name] = [round(1000 * seconds / (10 * rate), 2) for seconds in cpu.since()]
        return rate

    await saturated(lists, many, seconds=3)
    took = await at_rate(lists, many, rate=50, n=1000)
    return {
        "lists_p50_ms": round(float(np.percentile(took, 50)), 1),
        "lists_p99_ms": round(float(np.percentile(took, 99)), 1),
        "lists_a_second": round(await most("list", lists)),
        "single_events_a_second": round(await most("event", single)),
        "batched_events_a_second": round(1000 * await most("batch", batch)),
        "cpu_ms": costs,
    }


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--store")
    options = parser.parse_args()
    compileall.compile_dir(Path(penchant.__file__).parent, quiet=1)  # as an installed package is
    fitted = Penchant.open(options.model).fitted
    users = list(fitted.users.ids[:500])
    items = list(fitted.items.ids[:2000])
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or f"sqlite:///{folder}/store.db"
        words = ("-q", "--model", options.model, "--workers", options.workers)
        start = time.monotonic()
        with serving(store, *words) as (process, url, secret):
            ready = time.monotonic() - start
            port = int(url.rsplit(":", 1)[1])
            while listening(port) < options.workers:
                time.sleep(0.05)
            whole = time.monotonic() - start
            figures = asyncio.run(measure(port, str(secret), users, items, pid=process.pid))
    told = {"workers": options.workers, "store": store.split(":")[0], "ready_s": round(ready, 1)}
    told |= {"all_ready_s": round(whole, 1), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(told | figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
