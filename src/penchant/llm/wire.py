"""One server over HTTP: bounded in time and size, its key kept to the host that it is for.

Time is bounded twice: for silence by the socket, for the whole answer by a deadline.  What may pass
(408, 409, 425, 429, 5xx, a lost connection) is worth another try, after `Retry-After` where the
server says it.  Redirects are not followed: a key goes to the host that it is for.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import os
import ssl
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from penchant.errors import ConfigError

__all__ = ["Failed", "Limits", "Server", "is_loopback"]

_BUSY: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})

_LONGEST_WAIT: Final = 60.0
"""Seconds; a server that asks for more is taken to be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an answer may take.

    Attributes:
        silence: Seconds without a byte.
        whole: Seconds from question to end of answer.
        attempts: Tries of one question, ≥ 1.
        wait: Seconds before the second try, at most; doubles.
        at_once: Questions on their way at the same time, ≥ 1.
        largest: Bytes of a response beyond which it is no answer.
    """

    silence: float = 150.0
    whole: float = 300.0
    attempts: int = 4
    wait: float = 1.0
    at_once: int = 4
    largest: int = 4_000_000


class Failed(Exception):  # noqa: N818  # not an error of ours: whoever asks makes it one, or a reply
    """A try came to nothing.

    Args:
        problem: Why, in a few words that may be counted.
        again: Whether another try may do better.
        wait: Seconds after which the server asks to be tried again; 0 where it does not say.
        gone: Whether the server cannot be reached, so that asking on is no use.
        status: That the server answered; 0 where it did not.
        said: What came with the status.
    """

    def __init__(
        self,
        problem: str,
        *,
        again: bool,
        wait: float = 0.0,
        gone: bool = False,
        status: int = 0,
        said: bytes = b"",
    ) -> None:
        super().__init__(problem)
        self.problem, self.again, self.wait, self.gone = problem, again, wait, gone
        self.status, self.said = status, said


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Server:
    """An OpenAI-compatible server.

    Args:
        url: With or without ``/v1`` and *ending*; no user and password in it.
        ending: Of the one path that is asked there, such as ``/chat/completions``.
        key: Goes in ``Authorization: Bearer``; empty sends none.
        key_name: Variable that holds the key, for hints.
        limits: Times and sizes.

    Attributes:
        remote: Whether it is another machine.
        place: Host, port and path; holds no secret.

    Raises:
        ConfigError: If *url* is no such URL, or, where ``PENCHANT_OFFLINE`` is set, of another
            machine.
    """

    def __init__(self, url: str, *, ending: str, key: str, key_name: str, limits: Limits) -> None:
        try:
            parts = urlsplit(url)
            parts.port  # noqa: B018  # may be no number
        except ValueError as error:
            raise ConfigError(f"not the URL of a server: {error}") from error
        if parts.username or parts.password:
            raise ConfigError(
                f"the URL of {parts.hostname} holds a password", hint=f"Set {key_name} instead."
            )
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"not the URL of a server: {url!r}", hint="Write https://HOST/v1.")
        if parts.query or parts.fragment:
            raise ConfigError(
                f"the URL of {parts.hostname} says more after its path: it would not be sent",
                hint=f"Leave out what follows '?' or '#'; a key goes in {key_name}.",
            )
        self.remote = not is_loopback(parts.hostname)
        if self.remote and os.environ.get("PENCHANT_OFFLINE"):
            raise ConfigError(f"PENCHANT_OFFLINE is set, but {parts.hostname} is another machine")
        path = parts.path.rstrip("/").removesuffix(ending)
        self._parts, self._path = parts, path if path.endswith("/v1") else f"{path}/v1"
        self.place = f"{parts.netloc}{self._path}"
        self._key, self._limits = key, limits

    def send(self, method: str, path: str, body: bytes | None) -> bytes:
        """Return the body of the server's answer.

        Raises:
            Failed: If there is none, or its status is not 200.
        """
        deadline = time.monotonic() + self._limits.whole
        try:
            with contextlib.closing(self._connection()) as connection:
                connection.request(method, self._path + path, body, self._headers())
                with contextlib.closing(connection.getresponse()) as response:
                    raw = _read(response, deadline, self._limits.largest)
        except ConnectionRefusedError as error:
            raise Failed("the server is not there", again=True, gone=True) from error
        except TimeoutError as error:
            raise Failed("the server did not answer in time", again=True, gone=True) from error
        except ssl.SSLError as error:
            raise Failed(f"no safe connection: {error.reason}", again=False, gone=True) from error
        except (OSError, http.client.HTTPException) as error:
            problem = f"the connection broke ({type(error).__name__})"
            raise Failed(problem, again=True, gone=isinstance(error, OSError)) from error
        if response.status != http.client.OK:
            raise _judged(response, raw)
        return raw

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self._limits.silence)
        return http.client.HTTPConnection(host, port, timeout=self._limits.silence)

    def _headers(self) -> dict[str, str]:
        key = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return {"Content-Type": "application/json", "Accept": "application/json", **key}


def _judged(response: http.client.HTTPResponse, raw: bytes) -> Failed:
    status, wait = response.status, _retry_after(response.headers)
    return Failed(
        f"the server answered {status}",
        again=status in _BUSY and wait <= _LONGEST_WAIT,
        wait=wait,
        gone=status in (401, 403, 404) or wait > _LONGEST_WAIT,
        status=status,
        said=raw,
    )


def _read(response: http.client.HTTPResponse, deadline: float, largest: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := response.read1(65_536):
        parts.append(part)
        size += len(part)
        if size > largest:
            raise http.client.HTTPException("endless")
        if time.monotonic() > deadline:
            raise TimeoutError
    if response.length:  # fewer bytes came than were announced
        raise http.client.IncompleteRead(b"".join(parts), response.length)
    return b"".join(parts)


def _retry_after(headers: http.client.HTTPMessage) -> float:
    """Return the seconds that the server asks to wait, 0 where it does not say."""
    said = headers.get("Retry-After", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0
