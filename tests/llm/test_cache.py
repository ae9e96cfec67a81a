"""No text is encoded twice; neither other writers nor damage can make a vector wrong."""

import sqlite3
import threading

import numpy as np
import pytest

from penchant.llm.cache import CachedEncoder, VectorCache
from penchant.testing import FakeEncoder, check_encoder

TEXTS = [f"text {number}" for number in range(200)]


def cached(folder, encoder=None):
    return CachedEncoder(encoder or FakeEncoder(), VectorCache(folder))


def the_file(folder):
    (path,) = (folder / "vectors-v1").glob("*.sqlite")
    return path


def test_a_cached_encoder_keeps_the_contract(tmp_path):
    check_encoder(cached(tmp_path))


def test_a_second_run_encodes_nothing(tmp_path):
    first = cached(tmp_path).encode(TEXTS)
    second = cached(tmp_path)

    np.testing.assert_array_equal(second.encode(TEXTS), first)
    assert second.encoder.encoded == []


def test_each_distinct_text_is_encoded_once(tmp_path):
    encoder = cached(tmp_path)
    vectors = encoder.encode(["a", "b", "a", "a"])

    assert encoder.encoder.encoded == ["a", "b"]
    np.testing.assert_array_equal(vectors[0], vectors[3])


def test_roles_and_encoders_do_not_mix(tmp_path):
    assert not np.allclose(
        cached(tmp_path).encode(["a"], role="query"), cached(tmp_path).encode(["a"])
    )
    assert cached(tmp_path, FakeEncoder(dim=8)).encode(["a"]).shape == (1, 8)


def test_an_interrupted_run_keeps_what_it_encoded(tmp_path):
    class Interrupted(FakeEncoder):
        def encode(self, texts, *, role="document"):
            if len(self.encoded) >= 128:
                raise KeyboardInterrupt
            return super().encode(texts, role=role)

    with pytest.raises(KeyboardInterrupt):
        cached(tmp_path, Interrupted()).encode(TEXTS)
    again = cached(tmp_path)
    again.encode(TEXTS)

    assert again.encoder.encoded == TEXTS[128:]


def test_a_changed_byte_is_encoded_again(tmp_path):
    first = cached(tmp_path).encode(["a", "b"])
    with sqlite3.connect(the_file(tmp_path)) as database:
        database.execute("UPDATE vectors SET vector = zeroblob(length(vector))")
    database.close()
    again = cached(tmp_path)

    np.testing.assert_array_equal(again.encode(["a", "b"]), first)
    assert again.encoder.encoded == ["a", "b"]


@pytest.mark.parametrize("damage", [b"", b"no database" * 1000])
def test_a_damaged_file_is_no_error_and_is_replaced(tmp_path, damage):
    first = cached(tmp_path).encode(["a"])
    the_file(tmp_path).write_bytes(damage)

    np.testing.assert_array_equal(cached(tmp_path).encode(["a"]), first)
    cached(tmp_path).encode(["a"])
    last = cached(tmp_path)
    last.encode(["a"])
    assert last.encoder.encoded == []


def test_a_truncated_file_is_no_error(tmp_path):
    first = cached(tmp_path).encode(TEXTS)
    path = the_file(tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    np.testing.assert_array_equal(cached(tmp_path).encode(TEXTS), first)
    np.testing.assert_array_equal(cached(tmp_path).encode(TEXTS), first)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "vectors-v1").write_text("a file where the folder should be")

    np.testing.assert_array_equal(cached(tmp_path).encode(["a"]), FakeEncoder().encode(["a"]))


def test_several_writers_at_once_lose_nothing(tmp_path):
    results = {}

    def work(number):
        results[number] = cached(tmp_path).encode(TEXTS[number * 30 : number * 30 + 80])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = cached(tmp_path)
    last.encode(TEXTS[:170])

    assert last.encoder.encoded == []
    for number, vectors in results.items():
        start = number * 30
        np.testing.assert_array_equal(vectors, FakeEncoder().encode(TEXTS[start : start + 80]))
