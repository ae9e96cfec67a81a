"""Two fits of part of the items are compared, and the model that was asked stays as it was."""

import numpy as np
import pytest

from penchant import Penchant
from penchant.config import Settings
from penchant.engine.steadiness import steadiness
from penchant.testing import FakeEncoder
from worlds import shop


@pytest.fixture(scope="module", params=["fake", "lsa"])
def model(request):
    settings = Settings(encoder="lsa", interests=6)
    encoder = FakeEncoder() if request.param == "fake" else None
    return Penchant(settings=settings, encoder=encoder).fit(shop())


def test_topics_that_words_tell_apart_are_found_again(model):
    found = steadiness(model.fitted)

    assert 0.5 < found <= 1
    assert steadiness(model.fitted) == found


def test_other_draws_are_other_fits(model):
    assert len({steadiness(model.fitted, seed=seed) for seed in range(3)}) > 1


def test_the_model_is_left_as_it_was(model):
    """LSA is fitted in place: the model's own must not be the one that is fitted again."""
    texts = ["espresso beans", "garden roses"]
    before = model.fitted.space.embed(texts)
    steadiness(model.fitted)

    np.testing.assert_array_equal(model.fitted.space.embed(texts), before)
