"""`penchant llm` shows what was spent and what is left; it spends nothing itself."""

import json

import pytest

from llm.servers import completion, serving
from penchant.serve.cli import main


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path / "cache"))


def test_without_any_call_it_says_so(capfd):
    assert main(["llm"]) == 0
    out, err = capfd.readouterr()

    assert out == ""
    assert "Generator: none" in err
    assert "0 tokens spent today" in err


def test_a_fit_with_a_server_is_in_the_ledger_and_a_second_one_costs_nothing(
    shop_files, tmp_path, capfd
):
    interactions, items = map(str, shop_files)
    command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa"]
    answer = {
        "name": "Good things",
        "description": "What is good.",
        "other": "好东西",
        "groups": "different",
    }

    def respond(_, body):
        shape = body["response_format"]["json_schema"]["schema"]["properties"]
        return 200, {}, completion({field: answer[field] for field in shape})

    with serving(respond) as (url, asked):
        for _ in range(2):
            assert main([*command, "--model", str(tmp_path / "m"), "--llm", url]) == 0
            once = len(asked)
        assert once == len(asked) > 0
    capfd.readouterr()
    assert main(["llm"]) == 0
    out, err = capfd.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]

    assert {"name-interest", "translate-name"} <= {row["purpose"] for row in rows}
    assert sum(row["calls"] for row in rows) == once
    assert sum(row["tokens_in"] for row in rows) == 50 * once
    assert f"{60 * once:,} tokens spent today" in err


def test_a_server_that_is_down_still_makes_a_model(shop_files, tmp_path, capfd, monkeypatch):
    monkeypatch.setattr("penchant.llm.http._PATIENCE", 1)
    interactions, items = map(str, shop_files)
    command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa"]
    with serving(lambda _n, _b: (200, {}, {})) as (url, _):
        pass

    assert main([*command, "--model", str(tmp_path / "m"), "--llm", url]) == 0
    assert "missing: " in " ".join(capfd.readouterr().out.split())
    assert main(["interests", "--model", str(tmp_path / "m")]) == 0


def test_steering_on_the_command_line_says_what_it_understood(fitted, capfd):
    command = ["recommend", "--model", str(fitted), "--user", "u1", "--steer"]

    assert main([*command, "less garden, more quarks; under 9 pounds"]) == 0
    out, err = capfd.readouterr()
    assert "Less: Garden" in err
    assert "Price: up to 9" in err
    assert len(out.splitlines()) == 10
