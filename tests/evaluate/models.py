"""Models of which everything is known, for tests of experiments."""

import numpy as np

from penchant.evaluate.listers import of_recommender

__all__ = ["Fixed", "Oracle", "Popular", "Varied", "fixed"]


class Fixed:
    """Lists the same items for everyone."""

    def __init__(self, items):
        self.items = list(items)

    def lists(self, users, k):
        row = (self.items + [-1] * k)[:k]
        return np.tile(np.array(row, np.int32), (len(users), 1))


def fixed(*items):
    """Return a factory of `Fixed`."""
    return lambda train: Fixed(items)  # noqa: ARG005  # a factory is given the training part


class Popular:
    """A recommender that scores by how many users had an item."""

    name = "popular"

    def fit(self, data):
        self.scores = np.asarray(data.histories().contacts().sum(axis=0), np.float32)
        return self

    def score(self, histories):
        return np.tile(self.scores, (len(histories), 1))

    def contributions(self, history, items):  # noqa: ARG002  # the seam's arguments
        return None

    def state(self):
        return {"scores": self.scores}

    def restore(self, state):
        self.scores = state["scores"]
        return self


class Oracle:
    """Cheats: knows the test and lists it first."""

    def __init__(self, test):
        self.test = test

    def lists(self, users, k):
        out = np.full((len(users), k), -1, np.int32)
        places = {int(user): at for at, user in enumerate(self.test.users)}
        for row, user in enumerate(users):
            at = places[int(user)]
            own = self.test.item[self.test.indptr[at] : self.test.indptr[at + 1]][:k]
            out[row, : len(own)] = own
        return out


class Varied:
    """Popular items; the more diverse a list shall be, the more of them are the next ones."""

    def __init__(self, train):
        self.plain = of_recommender(Popular)(train)

    def lists(self, users, k):
        return self.varied(users, k, 0.0)

    def varied(self, users, k, diversity):
        other = round(diversity * k)
        ranked = self.plain.lists(users, 2 * k)
        return np.hstack([ranked[:, : k - other], ranked[:, k : k + other]])
