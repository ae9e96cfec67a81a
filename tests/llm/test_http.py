"""Whatever a server does, each prompt gets a reply in its place, soon, and the key stays put."""

import asyncio
import time

import pytest

from llm.servers import completion, serving
from penchant.errors import ConfigError, ModelError
from penchant.llm.base import Prompt
from penchant.llm.http import HttpGenerator
from penchant.llm.schema import record, text
from penchant.llm.wire import Limits, is_loopback
from penchant.testing import check_generator

SCHEMA = record(name=text(20))
GOOD = completion({"name": "Tea"})
QUICK = Limits(silence=0.3, whole=0.6, attempts=3, wait=0.001, at_once=2)


def ask(url, n=1, *, limits=QUICK, slept=None, **more):
    async def sleep(seconds):
        (slept if slept is not None else []).append(seconds)

    generator = HttpGenerator(url, limits=limits, sleep=sleep, chance=lambda: 0.5, **more)
    prompts = [Prompt("Name it.", f"number {number}") for number in range(n)]
    return asyncio.run(generator.generate(prompts, SCHEMA, max_tokens=20))


def test_it_keeps_the_contract():
    answer = {"name": "x", "mood": "good", "words": [], "share": 0.5}
    with serving(lambda _n, _b: (200, {}, completion(answer))) as (url, _):
        check_generator(HttpGenerator(url, model="stub"))


def test_replies_are_in_the_prompts_order():
    def respond(_, body):
        said = body["messages"][1]["content"]
        time.sleep(0.02 * ("0" in said))
        return 200, {}, completion({"name": said})

    with serving(respond) as (url, _):
        replies = ask(url, 5)
    assert [reply.value["name"] for reply in replies] == [f"number {n}" for n in range(5)]
    assert (replies[0].tokens_in, replies[0].tokens_out, replies[0].model) == (50, 10, "stub")


def test_a_question_names_shape_length_model_and_key():
    with serving(lambda _n, _b: (200, {}, GOOD)) as (url, asked):
        ask(f"{url}/v1/", model="mine", key="secret")
    path, headers, body = asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("mine", 20, 0)
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA


def test_without_a_model_the_server_is_asked_for_its_first():
    with serving(lambda _n, _b: (200, {}, GOOD), models=("first", "second")) as (url, asked):
        ask(url)
    assert asked[0][2]["model"] == "first"


@pytest.mark.parametrize(
    ("refusal", "then"),
    [
        ("response_format json_schema is not supported", {"response_format": "json_object"}),
        ("max_tokens is not supported, use max_completion_tokens", {"max_completion_tokens": 20}),
        ("temperature does not support 0", {"temperature": None}),
    ],
)
def test_a_refused_form_is_asked_otherwise_and_not_again(refusal, then):
    def respond(number, _):
        return (400, {}, {"error": {"message": refusal}}) if number == 0 else (200, {}, GOOD)

    with serving(respond) as (url, asked):
        replies = ask(url, 3, limits=Limits(at_once=1))
    assert [reply.value for reply in replies] == [{"name": "Tea"}] * 3
    assert len(asked) == 4
    for _, _, body in asked[1:]:
        for field, value in then.items():
            found = body.get(field)
            assert (found["type"] if isinstance(found, dict) else found) == value


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(status):
    slept = []
    with serving(lambda n, _: (200, {}, GOOD) if n else (status, {}, {})) as (url, _):
        (reply,) = ask(url, slept=slept)
    assert reply.value == {"name": "Tea"}
    assert slept == [0.0005]


def test_retry_after_is_kept_and_one_too_long_ends_it():
    slept = []
    with serving(lambda n, _: (200, {}, GOOD) if n else (429, {"Retry-After": 2}, {})) as (url, _):
        ask(url, slept=slept)
        assert slept == [2.0]
    with serving(lambda _n, _b: (429, {"Retry-After": 3600}, {})) as (url, asked):
        replies = ask(url, 4)
    assert all(reply.gone for reply in replies)
    assert len(asked) <= QUICK.at_once


def test_a_server_that_is_down_is_no_error():
    with serving(lambda _n, _b: (200, {}, GOOD)) as (url, _):
        pass
    replies = ask(url, 3, model="stub")
    assert [reply.problem for reply in replies] == ["the server is not there"] * 3
    assert all(reply.gone and reply.value is None for reply in replies)
    with pytest.raises(ModelError, match="which models"):
        HttpGenerator(url, limits=QUICK).model  # noqa: B018


def slow(_n, _b):
    time.sleep(1.5)
    return 200, {}, GOOD


def cut_off(_n, _b):
    return 200, {"Content-Length": 4000}, b'{"choices": [{"mess'


BAD = {
    "slow": (slow, "the server did not answer in time"),
    "hangs up": (lambda _n, _b: None, "the connection broke (RemoteDisconnected)"),
    "cut off": (cut_off, None),
    "html": (lambda _n, _b: (200, {}, b"<html>sign in</html>"), "no chat completion"),
    "other json": (lambda _n, _b: (200, {}, [1, 2]), "no chat completion"),
    "no choices": (lambda _n, _b: (200, {}, {"choices": []}), "no chat completion"),
    "no json": (lambda _n, _b: (200, {}, completion("Sure! It is tea.")), "the answer is no JSON"),
    "too long": (
        lambda _n, _b: (200, {}, completion('{"name": "T', ended="length")),
        "the answer was cut off",
    ),
    "empty": (lambda _n, _b: (200, {}, completion("")), "the answer is no JSON"),
    "deep": (lambda _n, _b: (200, {}, completion("[" * 90_000)), "the answer is no JSON"),
    "forbidden": (lambda _n, _b: (401, {}, {}), "the server answered 401"),
    "elsewhere": (lambda _n, _b: (302, {"Location": "/x"}, b""), "the server answered 302"),
    "always busy": (lambda _n, _b: (429, {}, {}), "the server answered 429"),
    "broken": (lambda _n, _b: (500, {}, b"<h1>oops"), "the server answered 500"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_a_reply_that_says_so(name):
    respond, problem = BAD[name]
    with serving(respond) as (url, _):
        (reply,) = ask(url, model="stub")
    assert reply.value is None
    assert (problem or "in time") in reply.problem or "connection broke" in reply.problem


def test_a_server_that_fails_and_fails_is_let_be():
    with serving(lambda _n, _b: (500, {}, {})) as (url, asked):
        replies = ask(url, 20, limits=Limits(attempts=2, wait=0.001, at_once=1))
    assert len(asked) == 6
    assert all(reply.problem for reply in replies)
    assert replies[-1].gone


def test_one_bad_question_does_not_end_the_others():
    def respond(_, body):
        bad = body["messages"][1]["content"] == "number 1"
        return 200, {}, completion("no" if bad else {"name": "Tea"})

    with serving(respond) as (url, _):
        replies = ask(url, 4)
    assert [bool(reply.value) for reply in replies] == [True, False, True, True]


def test_a_drip_of_bytes_does_not_hold_us_for_ever():
    def respond(_n, _b):
        return 200, {"Transfer-Encoding": "chunked"}, b"1\r\n{\r\n" * 200_000

    with serving(respond) as (url, _):
        (reply,) = ask(url, limits=Limits(attempts=1, largest=100))
    assert "connection broke" in reply.problem


@pytest.mark.parametrize("url", ["ftp://x/v1", "http://", "http://me:pw@host/v1"])
def test_what_is_no_url_is_refused(url):
    with pytest.raises(ConfigError):
        HttpGenerator(url)


def test_no_test_can_reach_another_machine():
    """`tests/conftest.py` sets what forbids it."""
    with pytest.raises(ConfigError, match="another machine"):
        HttpGenerator("https://api.example.org")


def test_this_machine_is_known_by_its_names():
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.9.9.9", "::1")))
    assert not any(map(is_loopback, ("example.org", "127.0.0.1.example.org", "10.0.0.1", "")))
