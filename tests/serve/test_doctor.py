"""The doctor looks at everything, survives what breaks, and its exit code can be trusted."""

import pytest

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
