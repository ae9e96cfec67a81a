"""The doctor looks at a service's store and address, and changes nothing."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa

from penchant.serve.auth import SCOPES, make_key
from penchant.serve.cli import main
from penchant.serve.examining import address, deployment
from penchant.serve.starting import start_from
from penchant.store.base import Fit, StoredEvent
from penchant.store.database import Database
from penchant.store.schema import META, VERSION
from penchant.store.sql import Store
from serve_api import started

KEY = "5" * 64


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(url):
    opened = Store.open(url, key=KEY)
    yield opened
    opened.close()


def found(url, tmp_path, **environ):
    given = {"PENCHANT_STORE_KEY": KEY, **environ}
    return {one.what: one for one in deployment(url, environ=given, folder=tmp_path / "config")}


def event(moment):
    return StoredEvent(event_id="e", user_id="ann", item_id="tea", moment=int(moment))


def test_a_deployment_where_all_is_well(store, url, tmp_path, fitted):
    make_key(store.keys, name="t", scopes=SCOPES, at=1)
    start_from(store, fitted, folder=tmp_path / "models", now=int(time.time()))
    store.events.add([event(time.time())])

    told = found(url, tmp_path)
    assert list(told) == ["store", "disk", "clock", "keys", "model"]
    assert {one.state for one in told.values()} == {"ok"}
    assert "1 events since" in told["model"].says


def test_what_is_not_well_is_said_with_what_to_do(store, url, tmp_path):
    store.events.add([event(time.time() + 86_000)])
    store.models.begin(Fit(fit_id="f", at=1, beat=1, status="running"), stale=0)
    store.models.end("f", at=2, status="failed", detail="too little to learn from", model_id=None)

    told = found(url, tmp_path)
    assert {what: one.state for what, one in told.items() if one.state != "ok"} == {
        "clock": "warn",
        "keys": "warn",
        "model": "warn",
        "fit": "warn",
    }
    assert "penchant keys create" in told["keys"].says
    assert "too little to learn from" in told["fit"].says


def test_a_model_that_is_damaged_or_old_is_told(store, url, tmp_path, fitted):
    model = start_from(store, fitted, folder=tmp_path / "models", now=1)
    assert found(url, tmp_path)["model"].state == "warn"

    (tmp_path / "models" / model.model_id / "manifest.json").unlink()
    assert found(url, tmp_path)["model"].state == "fail"


@pytest.mark.parametrize(("version", "state"), [(VERSION - 1, "warn"), (VERSION + 1, "fail")])
def test_a_store_of_another_version_is_told_and_left_as_it_is(version, state, url, tmp_path):
    Store.open(url, key=KEY).close()
    database = Database(url, key=KEY)
    with database.transaction() as connection:
        connection.execute(sa.update(META).values(value=str(version)))
    database.close()

    for _ in range(2):  # the first look changed nothing
        told = found(url, tmp_path)["store"]
        assert told.state == state
        assert f"version {version}" in told.says


@pytest.mark.usefixtures("store")
def test_another_key_no_key_and_no_store_are_failures(url, tmp_path):
    assert "with this key" in found(url, tmp_path, PENCHANT_STORE_KEY="6" * 64)["store"].says
    told = found(url, tmp_path, PENCHANT_STORE_KEY="")["store"]
    assert told.state == "fail"
    assert "PENCHANT_STORE_KEY" in told.says
    assert not (tmp_path / "config").exists()
    nowhere = tmp_path / "nowhere.db"
    assert found(f"sqlite:///{nowhere}", tmp_path)["store"].state == "fail"
    assert not nowhere.exists()


def test_a_service_that_is_ready_and_one_that_is_not_there(tmp_path):
    for running in started(tmp_path):
        (told,) = address(running.url)
        assert (told.what, told.state) == ("service", "ok")
    (told,) = address(running.url)
    assert told.state == "fail"
    assert [one.state for one in address("ftp://x")] == ["fail"]


def test_an_answer_that_is_an_error_is_a_failure():
    class Broken(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(503)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (told,) = address(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()

    assert told.state == "fail"
    assert "503" in told.says


@pytest.mark.usefixtures("store")
def test_the_command_looks_where_it_is_told(url, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PENCHANT_STORE_KEY", KEY)
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path / "cache"))

    assert main(["doctor", "--store", url]) == 0
    assert "version" in capsys.readouterr().out
    assert main(["doctor", "--store", f"{url}.gone", "-q"]) == 69
    assert capsys.readouterr().out.startswith("fail")
