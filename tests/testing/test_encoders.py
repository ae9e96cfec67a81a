"""The fake is a fair stand-in, and the contract catches encoders that break it."""

import numpy as np
import pytest

from penchant.testing import FakeEncoder, check_encoder


def test_texts_that_share_words_are_near():
    a, b, c = FakeEncoder(dim=128).encode(["red tea cup", "blue tea cup", "garden hose reel"])

    assert a @ b > a @ c


def test_the_fake_counts_what_it_encodes():
    fake = FakeEncoder()
    fake.encode(["a", "b"])
    fake.encode(["c"], role="query")

    assert fake.encoded == ["a", "b", "c"]


class Wide(FakeEncoder):
    def encode(self, texts, *, role="document"):
        return np.hstack([super().encode(texts, role=role)] * 2)


class Long(FakeEncoder):
    def encode(self, texts, *, role="document"):
        return 2 * super().encode(texts, role=role)


class Double(FakeEncoder):
    def encode(self, texts, *, role="document"):
        return super().encode(texts, role=role).astype(np.float64)


class Moody(FakeEncoder):
    calls = 0

    def encode(self, texts, *, role="document"):
        self.calls += 1
        vectors = super().encode(texts, role=role) + 0.1 * self.calls
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


class Social(FakeEncoder):
    def encode(self, texts, *, role="document"):
        vectors = super().encode(texts, role=role) + np.float32(len(texts))
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


class Mute(FakeEncoder):
    def encode(self, texts, *, role="document"):
        return 0 * super().encode(texts, role=role)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (Wide, "shape"),
        (Long, "lengths"),
        (Double, "float64"),
        (Moody, "other vectors"),
        (Social, "batch"),
        (Mute, "no text has a vector"),
    ],
)
def test_the_contract_says_what_is_broken(broken, why):
    with pytest.raises(AssertionError, match=why):
        check_encoder(broken())


def test_something_else_is_no_encoder():
    with pytest.raises(AssertionError, match="lacks"):
        check_encoder(object())
