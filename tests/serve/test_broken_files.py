"""What the command line makes of broken files: a message and exit code 65, or a model that lists.

Each broken file comes before anything slow, so all of them are tried.
"""

import pytest

from data.broken import LOADED, REFUSED, write
from penchant.serve.cli import main


def fit(case, folder):
    """Return what `penchant fit` on *case* exits with, and the folder of its model."""
    model = folder / "models" / "model"
    interactions, items = map(str, write(case, folder / "files"))
    command = ["fit", "--interactions", interactions, "--items", items, "--model", str(model)]
    return main([*command, "--encoder", "lsa", "-q"]), model


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_refused_file_ends_with_a_message_and_leaves_nothing(case, tmp_path, capfd):
    code, model = fit(case, tmp_path)
    printed = capfd.readouterr()

    assert code == 65
    assert printed.out == ""
    assert "Traceback" not in printed.err
    assert all(part in " ".join(printed.err.split()) for part in case.refused)
    assert not model.exists()
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        "interactions.csv",
        "items.csv",
    }


@pytest.mark.parametrize("case", LOADED, ids=lambda case: case.name)
def test_what_loads_is_enough_for_a_model_that_lists(case, tmp_path, capfd):
    code, model = fit(case, tmp_path)
    assert code == 0, capfd.readouterr().err
    capfd.readouterr()
    out = tmp_path / "list.jsonl"

    assert main(["recommend", "--model", str(model), "--user", "u0", "--out", str(out)]) == 0
    assert main(["recommend", "--model", str(model), "--like", "thing", "--out", str(out)]) == 0
    assert out.read_text()
    assert "Traceback" not in capfd.readouterr().err
