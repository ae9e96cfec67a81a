"""A key goes to servers that somebody here has named, and to no other."""

import pytest

from penchant.llm.encoders import open_encoder
from penchant.llm.generators import open_generator
from penchant.llm.places import key_for

OURS, THEIRS = "https://ours.example:8443/v1", "https://theirs.example/v1"


@pytest.fixture
def environ(tmp_path):
    return {"PENCHANT_CACHE": str(tmp_path / "cache")}


def test_a_saved_model_names_no_server_that_is_given_the_key(environ):
    assert key_for(THEIRS, "secret", own=False, environ=environ) == ""
    assert key_for(OURS, "secret", own=True, environ=environ) == "secret"
    assert key_for(THEIRS, "secret", own=False, environ=environ) == ""


def test_a_server_of_a_fit_before_is_known_again_on_any_path(environ):
    assert key_for(OURS, "secret", own=False, environ=environ) == ""
    key_for(OURS, "secret", own=True, environ=environ)
    other = OURS.replace("/v1", "/v2")
    assert key_for(other, "secret", own=False, environ=environ) == "secret"
    for near in ("http://ours.example:8443/v1", "https://ours.example/v1", f"{OURS[:-3]}.evil/v1"):
        assert key_for(near, "secret", own=False, environ=environ) == ""


@pytest.mark.parametrize("setting", ["PENCHANT_ENCODER", "PENCHANT_LLM"])
def test_a_server_that_the_environment_names_is_known(environ, setting):
    named = environ | {setting: OURS}
    assert key_for(OURS, "secret", own=False, environ=named) == "secret"
    assert key_for(THEIRS, "secret", own=False, environ=named) == ""


def test_without_a_key_nothing_is_remembered(environ, tmp_path):
    assert key_for(OURS, "", own=True, environ=environ) == ""
    assert not (tmp_path / "cache").exists()


def test_a_list_that_cannot_be_kept_costs_nothing_else(tmp_path):
    (tmp_path / "cache").write_text("a file where a folder should be")
    environ = {"PENCHANT_CACHE": str(tmp_path / "cache")}
    assert key_for(OURS, "secret", own=True, environ=environ) == "secret"
    assert key_for(OURS, "secret", own=False, environ=environ) == ""


def test_encoders_and_generators_keep_to_it(environ, monkeypatch):
    seen = []
    for module in ("encoders", "generators"):
        told = lambda url, key, **how: seen.append((url, key, how["own"])) or ""  # noqa: E731
        monkeypatch.setattr(f"penchant.llm.{module}.key_for", told)
    keys = environ | {"PENCHANT_ENCODER_KEY": "e", "PENCHANT_LLM_KEY": "g"}
    here = "http://127.0.0.1:9/v1"
    open_encoder(here, own=False, environ=keys)
    open_generator(here, own=False, environ=keys)
    assert seen == [(here, "e", False), (here, "g", False)]
