"""Matrices made from histories leave the histories as they are."""

import numpy as np
import pytest

from worlds import checkerboard, shop


@pytest.mark.parametrize("matrix", ["contacts", "strengths", "seen"])
@pytest.mark.parametrize("world", [checkerboard, shop])
def test_making_a_matrix_changes_no_history(world, matrix):
    """Sparse matrices sort and merge in place; they must do it on a copy."""
    histories = world().histories()
    item, indptr = histories.item.copy(), histories.indptr.copy()

    getattr(histories, matrix)()

    np.testing.assert_array_equal(histories.item, item)
    np.testing.assert_array_equal(histories.indptr, indptr)
