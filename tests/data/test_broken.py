"""No broken file ends in a traceback: it is refused by name, or loads with its bad rows counted."""

from pathlib import Path

import pytest

from data.broken import LOADED, REFUSED, write
from penchant.data.load import load
from penchant.errors import DataError


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_file_that_cannot_be_used_is_refused_by_name_column_and_value(case, tmp_path):
    interactions, items = write(case, tmp_path)

    with pytest.raises(DataError) as error:
        load(interactions, items)

    assert error.value.exit_code == 65
    message = str(error.value)
    for part in case.refused:
        assert part in message
    assert len(message) < 1000
    assert "\n" not in message


@pytest.mark.parametrize("case", LOADED, ids=lambda case: case.name)
def test_a_file_that_can_be_used_loads_with_its_bad_rows_counted(case, tmp_path):
    interactions, items = write(case, tmp_path)

    data = load(interactions, items)
    report = data.report
    (told,) = [file for file in report.files if file.role == "interactions"]

    assert sum(told.dropped.values()) == case.dropped
    assert told.merged == case.merged
    assert len(data.events) == told.kept == case.events
    assert told.read == told.kept + told.merged + case.dropped
    assert all(
        file.read == file.kept + file.merged + sum(file.dropped.values()) for file in report.files
    )
    assert all(len(line) <= 100 for line in report.lines())


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.csv: no such file"):
        load(tmp_path / "nowhere.csv")


def test_a_folder_without_files_is_named(tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(DataError, match="none: the folder holds no files"):
        load(tmp_path / "none")


def test_cases_have_names_of_their_own():
    names = [case.name for case in (*REFUSED, *LOADED)]
    assert len(set(names)) == len(names) >= 30
    assert all(Path(name).name == name for name in names)
