"""Made tastes: who likes what, and how often, is known."""

import numpy as np
from scipy import sparse

from penchant.types import DAY
from worlds import START, dataset

__all__ = ["habits", "own_leaf", "visits"]


def own_leaf(n_items, n_leaves):
    """Return V of items that are each about one interest, in turn, ``(n_items, n_leaves)``."""
    leaf = np.arange(n_items) % n_leaves
    ones = np.ones(n_items, np.float32)
    return sparse.csr_array((ones, leaf, np.arange(n_items + 1)), shape=(n_items, n_leaves))


def visits(*rows, n_items=6, half_life=60.0, has_time=True, kind="purchase"):
    """Build a Dataset from rows (user, item, day[, kind]) of items ``i0`` to ``i{n_items - 1}``."""
    events = [
        {
            "user_id": user,
            "item_id": f"i{item}",
            "event": more[0] if more else kind,
            "timestamp": START + int(day * DAY),
        }
        for user, item, day, *more in rows
    ]
    events.sort(key=lambda event: event["timestamp"])
    items = [{"item_id": f"i{item}", "title": f"item {item}"} for item in range(n_items)]
    users = [{"user_id": user} for user in dict.fromkeys(row[0] for row in rows)]
    return dataset(events, items, users=users, half_life=half_life, has_time=has_time)


def habits(seed=0, *, users=300, n_items=24, n_leaves=6, days=240, turns=False):
    """Return a world of habits and the rate of each, events a day, ``(users, n_leaves)``.

    Every user takes up items of each interest at a rate of its own, so that what they do in a
    coming month is as probable as that rate says.  Where it *turns*, rates are drawn anew every
    sixty days or so, for each user at moments of its own; the last ones come back.
    """
    rng = np.random.default_rng(seed)
    spans = [_moments(rng, days) if turns else [0, days] for _ in range(users)]
    drawn = [rng.gamma(0.25, 0.1, size=(len(moments) - 1, n_leaves)) for moments in spans]
    rows = [(f"u{user}", int(rng.integers(n_items)), 0.0) for user in range(users)]
    rows += [
        (f"u{user}", leaf + n_leaves * int(rng.integers(n_items // n_leaves)), day)
        for user in range(users)
        for start, end, rates in zip(spans[user], spans[user][1:], drawn[user], strict=False)
        for leaf in range(n_leaves)
        for day in np.sort(rng.uniform(start, end, rng.poisson(rates[leaf] * (end - start))))
    ]
    world = visits(*rows, n_items=n_items, half_life=days / 5)
    return world, np.array([rates[-1] for rates in drawn])


def _moments(rng, days):
    """Return when a user's habits turn, from 0 to *days*."""
    moments = np.cumsum(rng.exponential(60, 20))
    return [0, *moments[moments < days], days]
