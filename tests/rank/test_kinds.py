"""Fine labels that are meant speak for the categories in which their items lie."""

import numpy as np
from scipy import sparse

from penchant.rank.kinds import kinds_meant
from penchant.rank.labels import Labels

NAMES = ("western", "comedy", "gunfight", "wedding")
CATEGORY = np.array([True, True, False, False])
# Three westerns, two of them with a gunfight, two comedies with a wedding, one item of both kinds.
MEMBERS = np.array(
    [[1, 0, 1, 0], [1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1], [0, 1, 0, 1], [1, 1, 0, 0]],
    np.float32,
)


def labels(category=CATEGORY):
    return Labels(NAMES, category, sparse.csr_array(MEMBERS))


def test_a_fine_label_brings_its_category_where_the_categories_are_as_near():
    near = np.array([0.2, 0.2, 0.9, 0.1], np.float32)
    kind = kinds_meant(labels(), near, sharp=0.06)

    assert kind[2] > kind[3]  # a western without a gunfight before a comedy
    assert kind[2] == kind[0]  # the fine label itself adds nothing here


def test_a_category_that_is_near_counts_whatever_fine_labels_say():
    near = np.array([0.9, 0.1, 0.1, 0.5], np.float32)
    kind = kinds_meant(labels(), near, sharp=0.06)

    assert kind[[0, 1, 2]].min() > kind[[3, 4]].max()


def test_an_item_of_one_kind_is_more_of_it_than_an_item_of_two():
    kind = kinds_meant(labels(), np.array([0.9, 0.1, 0.9, 0.1], np.float32), sharp=0.06)

    assert kind[2] > kind[5] > 0


def test_labels_of_one_sort_say_all_by_themselves():
    near = np.array([0.9, 0.1, 0.1, 0.5], np.float32)

    for same in (np.ones(4, bool), np.zeros(4, bool)):
        assert not kinds_meant(labels(same), near, sharp=0.06).any()
