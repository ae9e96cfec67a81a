"""What only tells variants apart: colours and counts are taken out, things stay."""

import numpy as np

from penchant.interests.variants import variant_directions

THINGS = ("cup", "plate", "bag", "clock")
COLOURS = ("red", "blue", "pink", "green")


def shelf(n=400, dim=16, seed=0):
    """Return titles and vectors: a direction for each thing, a longer one for each colour."""
    rng = np.random.default_rng(seed)
    of_things = rng.normal(size=(len(THINGS), dim))
    of_colours = 3 * rng.normal(size=(len(COLOURS), dim))
    thing, colour = rng.integers(len(THINGS), size=n), rng.integers(len(COLOURS), size=n)
    vectors = of_things[thing] + of_colours[colour]
    titles = [f"{COLOURS[c]} {THINGS[t]}" for t, c in zip(thing, colour, strict=True)]
    return titles, vectors.astype(np.float32), thing, colour


def spread(vectors, group):
    """Return how far the means of groups are apart."""
    return np.var([vectors[group == g].mean(axis=0) for g in np.unique(group)], axis=0).sum()


def test_colours_no_longer_part_texts_and_things_still_do():
    titles, vectors, thing, colour = shelf()
    base = variant_directions(titles, vectors)
    beside = vectors - (vectors @ base) @ base.T

    assert spread(beside, colour) < 0.05 * spread(vectors, colour)
    assert spread(beside, thing) > 0.3 * spread(vectors, thing)


def test_the_base_is_orthonormal():
    titles, vectors, *_ = shelf()
    base = variant_directions(titles, vectors)

    np.testing.assert_allclose(base.T @ base, np.eye(base.shape[1]), atol=1e-5)


def test_titles_without_such_words_leave_everything():
    _, vectors, *_ = shelf()

    assert variant_directions(["tea"] * len(vectors), vectors).shape == (16, 0)
    assert variant_directions([], np.zeros((0, 16), np.float32)).shape == (16, 0)
