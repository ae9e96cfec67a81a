"""Points in clear groups, for tests of clusters and features."""

import numpy as np

from penchant.llm.lsa import unit_rows

__all__ = ["blobs"]


def blobs(groups, each, *, dim=16, noise=0.2, seed=0):
    """Return *groups* times *each* unit vectors and the group of each."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((groups, dim))
    points = np.repeat(centres, each, axis=0) + noise * rng.standard_normal((groups * each, dim))
    return unit_rows(points.astype(np.float32)), np.repeat(np.arange(groups), each)
