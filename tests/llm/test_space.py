"""One space for all texts: distinct texts once, the most used by the encoder, the others near."""

import numpy as np
import pytest

from penchant.errors import DataError
from penchant.llm.lsa import Lsa
from penchant.llm.space import TextSpace
from penchant.testing import FakeEncoder
from penchant.text.documents import item_documents
from worlds import shop

DOCUMENTS = ["espresso beans", "coffee beans", "", "espresso beans", "rose seeds", "garden roses"]
USES = np.array([5, 1, 9, 1, 3, 2])


def fit(documents=DOCUMENTS, uses=USES, encoder=None, **options):
    return TextSpace.fit(documents, uses, encoder=encoder or FakeEncoder(), **options)


def test_items_of_one_text_share_a_vector():
    space = fit()

    assert space.unit.tolist() == [0, 1, 2, 0, 3, 4]
    assert space.texts == ["espresso beans", "coffee beans", "", "rose seeds", "garden roses"]
    assert space.item_vectors.shape == (6, space.dim)


@pytest.mark.parametrize("encoder", [FakeEncoder(), Lsa(dim=4)])
def test_vectors_have_length_1_and_the_empty_text_0(encoder):
    lengths = np.linalg.norm(fit(encoder=encoder).item_vectors, axis=1)

    np.testing.assert_allclose(lengths, [1, 1, 0, 1, 1, 1], atol=1e-5)


def test_each_distinct_text_is_read_once_and_the_empty_one_never():
    encoder = FakeEncoder()
    fit(encoder=encoder)

    assert sorted(encoder.encoded) == sorted({*DOCUMENTS} - {""})


def test_only_the_most_used_texts_are_read():
    encoder = FakeEncoder()
    space = fit(encoder=encoder, encode_texts=2)

    assert encoder.encoded == ["espresso beans", "rose seeds"]
    assert space.taught.tolist() == [True, False, False, True, False]


def test_the_encoder_reads_a_bounded_text():
    encoder = FakeEncoder()
    fit(["one two three four five six seven eight nine ten"], np.ones(1), encoder, encode_words=8)

    assert encoder.encoded == ["one two three four five six seven eight"]


def test_texts_not_read_are_placed_near_those_of_their_topic():
    """With half of a shop's texts unread, most of them still lie nearest to their own topic."""
    data = shop()
    topics = np.array([topic or "" for topic in data.item_table["topic"].to_list()])
    uses = np.where(np.arange(data.n_items) % 2, 1, 2)
    space = fit(item_documents(data.item_table), uses, FakeEncoder(dim=64), encode_texts=42)
    unread = ~space.taught[space.unit]
    nearest = (space.item_vectors[unread] @ space.item_vectors[~unread].T).argmax(axis=1)

    assert (topics[~unread][nearest] == topics[unread]).mean() > 0.9
    assert space.fidelity > 0.5


def test_embedded_texts_lie_where_the_same_texts_of_the_catalogue_do():
    space = fit()

    np.testing.assert_allclose(
        space.embed(DOCUMENTS, role="document"), space.item_vectors, atol=1e-5
    )


def test_placing_needs_no_encoder():
    encoder = FakeEncoder()
    space = fit(encoder=encoder)
    read = len(encoder.encoded)

    placed = space.place(["espresso", "rose", "unheard-of"])

    assert len(encoder.encoded) == read
    assert (placed @ space.item_vectors.T).argmax(axis=1)[:2].tolist() == [0, 4]
    np.testing.assert_array_equal(np.linalg.norm(placed, axis=1).round(3), [1, 1, 0])


@pytest.mark.parametrize("encoder", [FakeEncoder(), Lsa(dim=4)])
def test_a_space_survives_a_round_trip(encoder):
    space = fit(encoder=encoder)
    copy = TextSpace.restore(space.state(), encoder=encoder)

    assert copy.texts == space.texts
    assert copy.fidelity == space.fidelity
    for ask in (lambda s: s.item_vectors, lambda s: s.embed(["tea"]), lambda s: s.place(["rose"])):
        np.testing.assert_array_equal(ask(copy), ask(space))


def test_the_same_input_gives_the_same_space():
    np.testing.assert_array_equal(fit(encode_texts=3).vectors, fit(encode_texts=3).vectors)


@pytest.mark.parametrize("documents", [[], [""], ["", ""], ["one"], ["a", "a", "b"]])
@pytest.mark.parametrize("encoder", [FakeEncoder(), Lsa(dim=4), None])
def test_a_space_bears_almost_nothing(documents, encoder):
    space = TextSpace.fit(documents, np.ones(len(documents)), encoder=encoder)

    assert space.item_vectors.shape == (len(documents), space.dim)
    assert np.isfinite(space.item_vectors).all()
    assert np.isfinite(space.embed(["one", ""])).all()


def test_uses_that_do_not_match_are_refused():
    with pytest.raises(DataError, match="2 uses for 6 documents"):
        fit(uses=np.ones(2))
