"""Nothing answers without a session; a key opens one, which ends with its hour or its key."""

import asyncio

import httpx
import pytest

from penchant.errors import AccessError
from penchant.serve.console.login import COOKIE, KEY, WHO, Door, Guard
from penchant.store.base import Key

RIGHT = "pen_right"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def keys():
    return {RIGHT}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ask(keys, clock):
    """Asks a guarded application for a path."""

    def check(secret):
        if secret not in keys:
            raise AccessError("no")
        return Key(key_id="k1", name="", scopes=frozenset({"admin"}), at=0)

    async def inner(scope, _receive, send):
        assert scope[KEY].key_id == "k1"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"inside"})

    guard = Guard(inner, door=Door(check, clock=clock))

    def asked(method, path, **more):
        async def once():
            transport = httpx.ASGITransport(guard)
            async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
                return await client.request(method, path, **more)

        return asyncio.run(once())

    return asked


def logged_in(ask):
    answer = ask("POST", "/login", data={"key": RIGHT})
    assert answer.status_code == 303
    return {"Cookie": f"{COOKIE}={answer.cookies[COOKIE]}"}


@pytest.mark.parametrize("path", ["/", "/people", "/_nicegui/x.js", "/language/zh"])
def test_without_a_session_nothing_answers(ask, path):
    assert ask("GET", path).status_code == 401
    assert ask("GET", path, headers={"Accept": "text/html"}).headers["location"] == "/login"


def test_a_key_opens_a_session_in_a_cookie_that_scripts_and_others_cannot_use(ask):
    cookie = ask("POST", "/login", data={"key": RIGHT}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age=3600" in cookie
    assert ask("GET", "/", headers=logged_in(ask)).text == "inside"


def test_a_wrong_key_is_said_to_be_wrong(ask):
    answer = ask("POST", "/login", data={"key": "pen_wrong"})
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "set-cookie" not in answer.headers


def test_a_session_ends_after_its_hour(ask, clock):
    session = logged_in(ask)
    clock.now = 3601.0
    assert ask("GET", "/", headers=session).status_code == 401


def test_a_page_learns_whether_its_session_is_open(ask, clock):
    session = logged_in(ask)
    assert ask("GET", "/session", headers=session).status_code == 204
    clock.now = 3601.0
    assert ask("GET", "/session", headers=session).status_code == 401


def test_a_session_ends_with_its_key(ask, keys):
    session = logged_in(ask)
    keys.clear()
    assert ask("GET", "/", headers=session).status_code == 401


def test_a_session_ends_where_another_log_in_follows(ask):
    session = logged_in(ask)
    ask("POST", "/login", headers=session, data={"key": "pen_wrong"})
    assert ask("GET", "/", headers=session).status_code == 200
    ask("POST", "/login", headers=session, data={"key": RIGHT})
    assert ask("GET", "/", headers=session).status_code == 401


def test_a_page_can_ask_whose_the_session_is_by_now(keys, clock):
    """So what an open page does is judged by the key as it is then."""
    asked = []

    async def inner(scope, _receive, _send):
        asked.append(scope[WHO])

    def check(secret):
        if secret not in keys:
            raise AccessError("no")
        return Key(key_id="k1", name="", scopes=frozenset({"admin"}), at=0)

    door = Door(check, clock=clock)
    cookie = f"{COOKIE}={door.open(RIGHT)}".encode()
    scope = {"type": "http", "path": "/", "headers": [(b"cookie", cookie)]}
    asyncio.run(Guard(inner, door=door)(scope, None, None))
    (who,) = asked
    assert who().key_id == "k1"
    keys.clear()
    assert who() is None


def test_logging_out_ends_the_session(ask):
    session = logged_in(ask)
    ask("GET", "/logout", headers=session)
    assert ask("GET", "/", headers=session).status_code == 401


def test_another_sites_page_gets_nothing(ask):
    session = logged_in(ask) | {"Origin": "http://elsewhere"}
    assert ask("GET", "/", headers=session).status_code == 401


def test_the_form_speaks_chinese(ask):
    assert "登录" in ask("GET", "/login", headers={"Cookie": "penchant_language=zh"}).text


def test_a_page_may_ask_no_other_host(ask):
    policy = ask("GET", "/", headers=logged_in(ask)).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_an_open_connection_ends_with_its_session(keys, clock):
    """What a page still sends after its key was revoked reaches nobody."""
    heard = []

    async def inner(_scope, receive, _send):
        heard.append((await receive())["type"])
        keys.clear()
        heard.append((await receive())["type"])

    def check(secret):
        if secret not in keys:
            raise AccessError("no")
        return Key(key_id="k1", name="", scopes=frozenset({"admin"}), at=0)

    door = Door(check, clock=clock)
    cookie = f"{COOKIE}={door.open(RIGHT)}".encode()
    scope = {"type": "websocket", "path": "/", "headers": [(b"cookie", cookie)]}

    async def receive():
        return {"type": "websocket.receive", "text": "x"}

    async def send(_message):
        return

    asyncio.run(Guard(inner, door=door)(scope, receive, send))
    assert heard == ["websocket.receive", "websocket.disconnect"]
