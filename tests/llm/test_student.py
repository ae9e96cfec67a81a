"""A student places short texts near where the encoder does, and says how near."""

import numpy as np
import pytest
from scipy import sparse

from penchant.llm.lsa import Lsa, unit_rows
from penchant.llm.space import TextSpace
from penchant.llm.student import Student
from penchant.testing import FakeEncoder

THINGS = [
    "mug",
    "bowl",
    "plate",
    "cup",
    "jar",
    "tin",
    "box",
    "bag",
    "clock",
    "lamp",
    "frame",
    "mirror",
    "candle",
    "basket",
    "tray",
]
COLOURS = ["red", "blue", "green", "white", "black", "pink", "yellow", "grey", "ivory", "silver"]
KINDS = ["ceramic", "glass", "wooden", "metal", "paper", "cotton"]
TEXTS = [f"{c} {k} {t}" for c in COLOURS for k in KINDS for t in THINGS]
TAUGHT = np.random.default_rng(0).permutation(len(TEXTS))[:400]
REST = np.setdiff1d(np.arange(len(TEXTS)), TAUGHT)


class Twisted(FakeEncoder):
    """Makes of a colour something else in each thing, which no sum of words tells."""

    def _sum(self, text, role):
        return super()._sum(text, role) + 0.7 * self._word(text[:2] + text[-3:])


def taught(encoder):
    lsa = Lsa(dim=32).fit(TEXTS)
    features = lsa.tfidf(TEXTS)
    read = encoder.encode([TEXTS[row] for row in TAUGHT])
    vectors = read - read.mean(axis=0)
    student, agreement = Student.learn(
        features[TAUGHT], vectors, everything=features, lsa=lsa, encoder=encoder
    )
    exact = encoder.encode([TEXTS[row] for row in REST]) - read.mean(axis=0)
    return student, agreement, features, unit_rows(exact)


@pytest.fixture(scope="module")
def found():
    return taught(Twisted(dim=64))


def test_texts_not_taught_lie_where_the_encoder_puts_them(found):
    student, _, features, exact = found
    placed = student.place(features[REST])

    assert (placed * exact).sum(axis=1).mean() > 0.7
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-5)


def test_what_it_says_of_itself_is_so(found):
    student, agreement, features, exact = found
    cosine = (student.place(features[REST]) * exact).sum(axis=1).mean()

    assert agreement.cosine == pytest.approx(cosine, abs=0.05)
    assert 0 < agreement.neighbours <= 1


def test_words_that_mean_the_same_everywhere_are_learned_all_but_exactly():
    student, agreement, features, exact = taught(FakeEncoder(dim=64))

    assert (student.place(features[REST]) * exact).sum(axis=1).mean() > 0.95
    assert agreement.neighbours > 0.7


def test_a_word_that_no_taught_text_has_is_known_by_its_meaning():
    """The encoder has read the word alone, so a text of it has a place."""
    encoder = FakeEncoder(dim=64)
    texts = [text for text in TEXTS if "clock" not in text] + ["clock"]
    lsa = Lsa(dim=32).fit(texts)
    features = lsa.tfidf(texts)
    read = encoder.encode(texts[:-1])
    student, _ = Student.learn(
        features[:-1], read - read.mean(axis=0), everything=features, lsa=lsa, encoder=encoder
    )
    clock = unit_rows(encoder.encode(["clock"]) - read.mean(axis=0))

    assert (student.place(features[-1:]) * clock).sum() > 0.5


def test_a_text_without_a_known_word_is_nowhere(found):
    student, _, features, _ = found

    nothing = sparse.csr_array((1, features.shape[1]), dtype=np.float32)

    assert not student.place(nothing).any()


def fit(texts=TEXTS, **options):
    uses = np.arange(len(texts), 0, -1)
    return TextSpace.fit(texts, uses, encoder=FakeEncoder(dim=64), **options)


def test_a_space_has_a_student_where_many_short_texts_are_left():
    assert fit(encode_texts=400).taught_student
    assert not fit(encode_texts=len(TEXTS)).taught_student
    assert not fit(encode_texts=100).taught_student
    long = [f"{text} {' '.join(COLOURS + KINDS)} {n}" for n, text in enumerate(TEXTS)]
    assert not fit(long, encode_texts=400).taught_student


def test_a_space_with_a_student_survives_a_round_trip():
    space = fit(encode_texts=400)
    copy = TextSpace.restore(space.state(), encoder=FakeEncoder(dim=64))

    assert (copy.fidelity, copy.neighbours) == (space.fidelity, space.neighbours)
    np.testing.assert_array_equal(copy.place(["red mug"]), space.place(["red mug"]))
