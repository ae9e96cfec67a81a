"""A world of chains: whoever met interest c meets c + 1 next, and nobody starts anything else.

Twelve interests of four items each in three chains of four (0 → 1 → 2 → 3, 4 → …).  Every user
walks three steps of one chain, a step a month, two events a step and one in the last; half of the
users begin with the chain's first interest and have one to go, the others begin with its second and
end with it.
"""

import numpy as np

from worlds import START, dataset

__all__ = ["CHAIN", "ITEMS", "TOUCH", "N", "chains", "following"]

N = 12
CHAIN = 4
ITEMS = 4
TOUCH = np.repeat(np.arange(N, dtype=np.int32), ITEMS)
"""Interest of each item."""

_MONTH = 30 * 86_400


def following(interest):
    """Return what comes after *interest*; None at the end of a chain."""
    return None if interest % CHAIN == CHAIN - 1 else interest + 1


def chains(users=90, *, steps=3):
    """Return the world: user ``u{i}`` walks chain ``i % 3``, begun at link ``i // 3 % 2``."""
    events = []
    for user in range(users):
        first = CHAIN * (user % 3) + user // 3 % 2
        for step in range(steps):
            for event in range(2 if step < steps - 1 else 1):
                item = (first + step) * ITEMS + (user + event) % ITEMS
                moment = START + step * _MONTH + user % 5 * 86_400 + 3600 * event + user
                events.append({"user_id": f"u{user}", "item_id": f"i{item}", "timestamp": moment})
    items = [
        {"item_id": f"i{item}", "title": f"thing {item}", "categories": [f"kind {TOUCH[item]}"]}
        for item in range(N * ITEMS)
    ]
    people = [{"user_id": f"u{user}"} for user in range(users)]
    return dataset(sorted(events, key=lambda e: e["timestamp"]), items, users=people)
