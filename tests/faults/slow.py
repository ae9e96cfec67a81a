"""Many connections that send next to nothing, and a client that wants answers meanwhile.

silent    nothing at all
head      the first line of a request and then a letter of a header now and then
body      a head that promises a body, and then a letter of it now and then
again     a whole request, and after its answer the first letters of another
"""

import asyncio
import contextlib
import dataclasses
import time

import httpx

__all__ = ["Siege", "besiege"]

BEGUN = {
    "silent": b"",
    "head": b"POST /v1/events HTTP/1.1\r\n",
    "body": b"POST /v1/events HTTP/1.1\r\nx-api-key: KEY\r\ncontent-length: 500\r\n\r\n[",
    "again": b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET ",
}


@dataclasses.dataclass(frozen=True)
class Siege:
    """What became of it.

    Attributes:
        closed: Connections that the service closed.
        told: Connections that were told 408.
        answered: Requests of the other client that were answered.
        failed: Those that were not.
        slowest: Seconds of the slowest of them.
    """

    closed: int
    told: int
    answered: int
    failed: int
    slowest: float


def besiege(url, secret, *, kind, connections, seconds):
    """Open slow *connections* of a *kind* and return what became of them within *seconds*."""
    return asyncio.run(_besiege(url, secret, kind, connections, seconds))


async def _besiege(url, secret, kind, connections, seconds):
    host, port = url.removeprefix("http://").split(":")
    begun = BEGUN[kind].replace(b"KEY", secret.encode())
    over = asyncio.Event()
    asking = asyncio.create_task(_ask(url, secret, over))
    slow = [_slow(host, int(port), begun, seconds) for _ in range(connections)]
    ends = await asyncio.gather(*slow)
    over.set()
    times, failed = await asking
    return Siege(
        closed=sum(closed for closed, _ in ends),
        told=sum(b" 408 " in heard for _, heard in ends),
        answered=len(times),
        failed=failed,
        slowest=max(times, default=0.0),
    )


async def _slow(host, port, begun, seconds):
    """Return whether the connection was closed, and what was heard."""
    reader, writer = await asyncio.open_connection(host, port)
    heard, end = b"", time.monotonic() + seconds
    try:
        writer.write(begun)
        while time.monotonic() < end:
            if begun:
                writer.write(b"x")
            with contextlib.suppress(TimeoutError):
                part = await asyncio.wait_for(reader.read(4096), 0.2)
                heard += part
                if not part:
                    return True, heard
    except ConnectionError:
        return True, heard
    finally:
        writer.close()
    return False, heard


async def _ask(url, secret, over):
    times, failed = [], 0
    headers = {"X-API-Key": secret}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        while not over.is_set():
            start = time.monotonic()
            try:
                answer = await client.post("/v1/recommendations", json={"user_id": "ann"})
            except httpx.HTTPError:
                failed += 1
            else:
                failed += answer.status_code != 200
                times.append(time.monotonic() - start)
            await asyncio.sleep(0.05)
    return times, failed
