"""`penchant fit` on every broken file: the right exit code, one message, nothing half-written."""

import pytest

from data.broken import LOADED, REFUSED, write
from penchant.serve.cli import main


@pytest.fixture
def fit(tmp_path, monkeypatch):
    """Run `penchant fit` on a case; return its exit code and the folder of the model."""
    monkeypatch.delenv("PENCHANT_DEBUG", raising=False)

    def run(case):
        interactions, items = map(str, write(case, tmp_path / "in"))
        model = tmp_path / "out" / "model"
        model.parent.mkdir()
        command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa"]
        return main([*command, "--model", str(model)]), model

    return run


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_file_that_cannot_be_used_exits_65_and_leaves_nothing(case, fit, capfd):
    code, model = fit(case)

    out, err = capfd.readouterr()
    assert code == 65
    assert out == ""
    assert all(part in err for part in case.refused)
    assert "Traceback" not in err
    assert len(err.splitlines()) <= 2
    assert list(model.parent.iterdir()) == []


@pytest.mark.parametrize("case", LOADED, ids=lambda case: case.name)
def test_a_file_that_can_be_used_makes_a_model_and_says_what_was_dropped(case, fit, capfd):
    code, model = fit(case)

    out, err = capfd.readouterr()
    assert "Traceback" not in err
    assert code == 0, err
    assert (model / "manifest.json").is_file()
    assert [path.name for path in model.parent.iterdir()] == ["model"]
    assert case.dropped == 0 or f"{case.dropped} dropped" in out
