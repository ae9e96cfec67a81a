"""A model directory is whole, unaltered and harmless, or it is refused."""

import json
import pickle

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penchant.errors import SnapshotError, UnavailableError, UsageError
from penchant.snapshot import Snapshot, _hash, _seal, write_snapshot


def write(path, *, value=1.0):
    write_snapshot(
        path,
        info={"name": "咖啡", "value": value},
        arrays={"ease": {"B": np.full((3, 4), value, np.float32), "head": np.arange(3)}},
        tables={"items": pl.DataFrame({"item_id": ["a", "b"], "title": ["x", None]})},
    )
    return path


def test_what_was_written_comes_back(tmp_path):
    snapshot = Snapshot.open(write(tmp_path / "model"))

    assert snapshot.info == {"name": "咖啡", "value": 1.0}
    arrays = snapshot.arrays("ease")
    assert arrays["B"].dtype == np.float32
    np.testing.assert_array_equal(arrays["B"], np.ones((3, 4)))
    np.testing.assert_array_equal(arrays["head"], [0, 1, 2])
    assert snapshot.table("items")["title"].to_list() == ["x", None]


def test_arrays_are_mapped_read_only(tmp_path):
    array = Snapshot.open(write(tmp_path / "model")).arrays("ease")["B"]

    assert isinstance(array.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 2


def test_a_model_is_replaced_as_a_whole(tmp_path):
    write(tmp_path / "model")
    write(tmp_path / "model", value=2.0)

    assert Snapshot.open(tmp_path / "model").info["value"] == 2.0
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


def test_a_failed_write_leaves_the_old_model_and_nothing_else(tmp_path):
    path = write(tmp_path / "model")
    with pytest.raises(ValueError, match="pickle"):
        write_snapshot(path, info={}, arrays={"x": {"y": np.array([object()])}}, tables={})

    assert Snapshot.open(path).info["value"] == 1.0
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


def test_a_folder_that_is_no_model_is_not_overwritten(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "love.txt").write_text("dear")

    with pytest.raises(UsageError, match="letters"):
        write(tmp_path / "letters")
    assert (tmp_path / "letters" / "love.txt").read_text() == "dear"


def test_no_model_is_told_apart_from_a_broken_one(tmp_path):
    with pytest.raises(UnavailableError, match="nowhere"):
        Snapshot.open(tmp_path / "nowhere")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_noticed(tmp_path_factory, data):
    path = write(tmp_path_factory.mktemp("m") / "model")
    files = sorted(p for p in path.rglob("*") if p.is_file())
    file = data.draw(st.sampled_from(files))
    content = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)

    if file.name == "manifest.json" and _same_meaning(bytes(content), write_back(path, file)):
        return
    with pytest.raises(SnapshotError):
        Snapshot.open(path)


def write_back(path, file):
    return write(path.parent / "again").joinpath(file.name).read_bytes()


def _same_meaning(left, right):
    """White space in the manifest may change without changing what it says."""
    try:
        return json.loads(left) == json.loads(right)
    except ValueError:
        return False


@pytest.mark.parametrize("name", ["arrays/ease.B.npy", "tables/items.parquet", "manifest.json"])
@pytest.mark.parametrize("keep", [0, 0.5])
def test_a_truncated_file_is_refused(tmp_path, name, keep):
    file = write(tmp_path / "model") / name
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * keep)])

    with pytest.raises(SnapshotError):
        Snapshot.open(tmp_path / "model")


def test_a_missing_file_is_refused(tmp_path):
    (write(tmp_path / "model") / "arrays" / "ease.B.npy").unlink()

    with pytest.raises(SnapshotError, match=r"ease\.B\.npy"):
        Snapshot.open(tmp_path / "model")


class Bomb:
    def __reduce__(self):
        return (exec, ("raise SystemExit('boom')",))


def test_loading_runs_no_code(tmp_path):
    """Even a directory whose hashes fit cannot make loading unpickle."""
    path = tmp_path / "model"
    write(path)
    (path / "arrays" / "ease.B.npy").write_bytes(pickle.dumps(Bomb()))
    manifest = json.loads((path / "manifest.json").read_text())
    del manifest["digest"]
    file = path / "arrays" / "ease.B.npy"
    manifest["files"]["arrays/ease.B.npy"] = {"bytes": file.stat().st_size, "sha256": _hash(file)}
    (path / "manifest.json").write_text(json.dumps({**manifest, "digest": _seal(manifest)}))

    with pytest.raises(SnapshotError, match="no plain array"):
        Snapshot.open(path).arrays("ease")
