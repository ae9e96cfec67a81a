"""One small experiment for all tests of reports."""

import numpy as np
import pytest
from scipy import sparse

from evaluate.models import Varied, fixed
from penchant.evaluate.experiment import Views, run_experiment
from worlds import shop, shop_topics

ATTACK = "<script>alert('x')</script>\"&"
"""A model's name as nobody should give one."""


@pytest.fixture(scope="session")
def found():
    """A shop, three models, one of which has a name that attacks the page."""
    data = shop()
    topics = shop_topics(data)
    names = list(dict.fromkeys(topics))
    vectors = np.eye(len(names), dtype=np.float32)[[names.index(topic) for topic in topics]]
    ticks = iter(range(1000))
    return run_experiment(
        data,
        {"popular": Varied, ATTACK: fixed(0, 14, 28), "nothing": fixed()},
        share=0.2,
        k=5,
        draws=100,
        diversities=(0.4, 1.0),
        views=Views(vectors=vectors, features=sparse.csr_array(vectors)),
        clock=lambda: float(next(ticks)),
    )
