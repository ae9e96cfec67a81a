"""A server's vectors are checked, its troubles are errors that name it, and the key stays put."""

import json
import math
import time

import numpy as np
import pytest

from llm.servers import serving
from penchant.config import Settings
from penchant.errors import ConfigError, ModelError
from penchant.llm.encoders import encoder_for, open_encoder
from penchant.llm.url import UrlEncoder
from penchant.llm.wire import Limits
from penchant.testing import FakeEncoder, check_encoder

QUICK = Limits(silence=0.3, whole=0.6, attempts=3, wait=0.001)
FAKE = FakeEncoder(dim=8)


def embeddings(body, *, times=3.0):
    """Return what a good server says; its vectors have not length 1, and come out of order."""
    vectors = times * FAKE.encode(body["input"])
    data = [{"index": n, "embedding": v.tolist()} for n, v in enumerate(vectors)]
    return {"object": "list", "data": data[::-1], "model": body["model"]}


def good(_, body):
    return 200, {}, embeddings(body)


def encoder(url, *, model="stub", slept=None, **more):
    waits = slept if slept is not None else []
    settings = {"limits": QUICK, "sleep": waits.append, "chance": lambda: 0.5, **more}
    return UrlEncoder(url, model=model, **settings)


def test_it_keeps_the_contract():
    with serving(good) as (url, _):
        check_encoder(encoder(url))


def test_vectors_are_in_the_order_of_the_texts_and_of_length_1():
    texts = ["moka pot", "rose", "", "espresso beans"]
    with serving(good) as (url, asked):
        one = encoder(url)
        found = one.encode(texts)
    np.testing.assert_allclose(found[[0, 1, 3]], FAKE.encode(texts)[[0, 1, 3]], atol=1e-6)
    assert not found[2].any()
    assert one.dim == 8
    assert all("" not in body["input"] for *_, body in asked)


def test_a_request_names_model_and_key_at_the_address_given():
    for ending in ("", "/v1", "/v1/", "/v1/embeddings"):
        with serving(good) as (url, asked):
            open_encoder(
                url + ending, model="mine", environ={"PENCHANT_ENCODER_KEY": "secret"}
            ).encode(["tea"])
        path, headers, body = asked[-1]
        assert path == "/v1/embeddings"
        assert headers["Authorization"] == "Bearer secret"
        assert body == {"model": "mine", "input": ["tea"]}


def test_without_a_model_the_server_is_asked_for_its_first():
    with serving(good, models=("first", "second")) as (url, asked):
        one = encoder(url, model="")
        one.encode(["tea"])
    assert asked[0][2]["model"] == "first"
    assert "first" in one.name


def test_prefixes_and_redaction_are_in_what_is_sent_and_in_the_name():
    settings = Settings(encoder_model="e5", encoder_query="query: ", encoder_document="passage: ")
    with serving(good) as (url, asked):
        prefixed = encoder_for(Settings(**settings.to_dict() | {"encoder": url}), environ={})
        prefixed.encode(["write to ann@example.org"])
        prefixed.encode(["tea"], role="query")
        plain = open_encoder(url, model="e5", redact=False)
        plain.encode(["write to ann@example.org"])
        names = {prefixed.name, plain.name, open_encoder(url, model="e5").name}
    sent = [body["input"] for *_, body in asked if body["input"] != ["a text"]]
    assert sent == [["passage: write to [email]"], ["query: tea"], ["write to ann@example.org"]]
    assert len(names) == 3


def test_a_server_that_takes_few_texts_gets_few():
    def respond(_, body):
        return (413, {}, {}) if len(body["input"]) > 10 else (200, {}, embeddings(body))

    texts = [f"text {n}" for n in range(100)]
    with serving(respond) as (url, asked):
        found = encoder(url).encode(texts)
    np.testing.assert_allclose(found, FAKE.encode(texts), atol=1e-6)
    assert sum(len(body["input"]) > 10 for *_, body in asked) == 3  # 64, 32, 16: asked once each


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_tried_again(status):
    slept = []
    with serving(lambda n, b: good(n, b) if n else (status, {}, {})) as (url, _):
        encoder(url, slept=slept).encode(["tea"])
    assert slept == [0.0005]


def test_retry_after_is_kept_and_one_too_long_ends_it():
    slept = []
    with serving(lambda n, b: good(n, b) if n else (429, {"Retry-After": 2}, {})) as (url, _):
        encoder(url, slept=slept).encode(["tea"])
    assert slept == [2.0]
    with (
        serving(lambda _n, _b: (429, {"Retry-After": 3600}, {})) as (url, asked),
        pytest.raises(ModelError, match="429"),
    ):
        encoder(url).encode(["tea"])
    assert len(asked) == 1


def slow(_n, _b):
    time.sleep(1.0)
    return 200, {}, {}


def said(entries):
    return lambda _n, _b: (200, {}, {"data": entries})


def one(vector, **more):
    return said([{"embedding": vector, **more}])


BAD = {
    "slow": (slow, "did not answer in time"),
    "hangs up": (lambda _n, _b: None, "connection broke"),
    "cut off": (lambda _n, _b: (200, {"Content-Length": 4000}, b'{"data": ['), "in time|broke"),
    "html": (lambda _n, _b: (200, {}, b"<html>sign in</html>"), "no embeddings"),
    "deep": (lambda _n, _b: (200, {}, b"[" * 90_000), "no embeddings"),
    "other json": (lambda _n, _b: (200, {}, [1, 2]), "no embeddings"),
    "an error": (lambda _n, _b: (200, {}, {"error": {"message": "no"}}), "no embeddings"),
    "none": (said([]), "0 vectors for 1 texts"),
    "two": (said([{"embedding": [1.0]}] * 2), "2 vectors for 1 texts"),
    "wrong place": (one([1.0, 2.0], index=7), "1 vectors for 1 texts|vectors for"),
    "place no number": (one([1.0, 2.0], index="a"), "vectors"),
    "empty": (one([]), "no lists of numbers"),
    "text": (one("AACAPw=="), "no lists of numbers"),
    "words": (one(["1", "2"]), "no lists of numbers"),
    "null": (one([1.0, None]), "no lists of numbers"),
    "nested": (one([[1.0]]), "no lists of numbers"),
    "nan": (one([1.0, math.nan]), "not finite"),
    "huge": (one([1.0, 1e300]), "not finite"),
    "forbidden": (lambda _n, _b: (401, {}, {}), "answered 401"),
    "not there": (lambda _n, _b: (404, {}, b"<h1>"), "answered 404"),
    "refused": (lambda _n, _b: (400, {}, {}), "answered 400"),
    "elsewhere": (lambda _n, _b: (302, {"Location": "/x"}, b""), "answered 302"),
    "always busy": (lambda _n, _b: (503, {}, {}), "answered 503"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_an_error_that_names_the_place_and_no_secret(name):
    respond, problem = BAD[name]
    with serving(respond) as (url, _), pytest.raises(ModelError, match=problem) as caught:
        encoder(url, key="secret").encode(["tea"])
    told = f"{caught.value} {caught.value.hint}"
    assert url.removeprefix("http://") in told
    assert "secret" not in told


def test_vectors_of_another_length_than_before_are_refused():
    def respond(number, body):
        return 200, {}, {"data": [{"embedding": [1.0] * (3 + number)} for _ in body["input"]]}

    with serving(respond) as (url, _):
        server = encoder(url)
        server.encode(["tea"]) if server.dim == 4 else None
        with pytest.raises(ModelError, match="numbers where there were 3"):
            server.encode(["tea"])


def test_a_server_that_is_gone_is_let_be_for_a_while():
    now = [0.0]
    with serving(good) as (url, _):
        pass
    server = encoder(url, clock=lambda: now[0], slept=(slept := []))
    for _ in range(3):
        with pytest.raises(ModelError, match="the server is not there"):
            server.encode(["tea"])
    assert len(slept) == QUICK.attempts - 1
    now[0] = 100.0
    with pytest.raises(ModelError):
        server.encode(["tea"])
    assert len(slept) == 2 * (QUICK.attempts - 1)


@pytest.mark.parametrize(
    "url",
    ["ftp://x/v1", "http://", "http://me:pw@host/v1", "http://host/v1?key=pw", "http://host:x/v1"],
)
def test_what_is_no_such_url_is_refused_without_its_secrets(url):
    with pytest.raises(ConfigError) as caught:
        open_encoder(url)
    assert "pw" not in f"{caught.value} {caught.value.hint}"


def test_no_test_can_reach_another_machine():
    with pytest.raises(ConfigError, match="another machine"):
        open_encoder("https://api.example.org/v1")


def test_answers_as_large_as_servers_give_are_read():
    """Sixty-four vectors of 3,072 numbers written out are more than a chat's answer may be."""
    vector = [0.1234567890123456] * 3072

    def respond(_, body):
        return (
            200,
            {},
            json.dumps({"data": [{"embedding": vector} for _ in body["input"]]}).encode(),
        )

    with serving(respond) as (url, _):
        server = UrlEncoder(url, model="stub")
        assert server.encode(["tea"] * 64).shape == (64, 3072)
