"""What holds for every recommender: contract, checkerboard, what was disliked stays down."""

import numpy as np
import pytest

from penchant.recommend.views import in_favour, last_contacts
from penchant.testing import check_recommender
from penchant.types import top_k
from recommend.makers import EVENTS_ALONE, makers
from worlds import checkerboard, dataset, shop

SHOP = shop()
SHOP_MAKERS = makers(SHOP)
SEES_THE_BOARD = ("ease", "ease-latest", "ease-timed", "ials", "neighbours", "transitions")


@pytest.mark.parametrize("name", SHOP_MAKERS)
def test_the_contract(name):
    assert SHOP_MAKERS[name]().name == name
    check_recommender(SHOP_MAKERS[name], SHOP)


@pytest.mark.parametrize("name", SEES_THE_BOARD)
def test_the_checkerboard(name):
    """Each user met all items of a colour but one; that one is the right answer."""
    data = checkerboard(40)
    histories = data.histories()
    scores = np.array(EVENTS_ALONE[name]().fit(data).score(histories))
    scores[histories.seen().nonzero()] = -np.inf

    best = [data.items.ids[int(top_k(row, 1)[0])] for row in scores]
    assert best == [f"i{user[1:]}" for user in data.users.ids]


def test_texts_see_the_colour_of_the_board():
    data = checkerboard(40)
    scores = makers(data)["content"]().fit(data).score(data.histories())

    own = (np.arange(40)[:, None] % 2) == (np.arange(40) % 2)
    right = scores[own].reshape(40, -1).min(axis=1) > scores[~own].reshape(40, -1).max(axis=1)
    assert right.all()


def event(user, item, kind="purchase", after=0):
    return {"user_id": user, "item_id": item, "event": kind, "timestamp": 1_700_000_000 + after}


def pairs_world():
    """Twelve people who took a with b, twelve who took c with d."""
    events = [
        event(f"{pair}{n}", item, after=10 * n + at)
        for pair in ("ab", "cd")
        for n in range(12)
        for at, item in enumerate(pair)
    ]
    return dataset(events, [{"item_id": i, "title": f"thing {i}"} for i in "abcd"])


REGRETS = {
    "bought and sent back": ["purchase", "return"],
    "looked at, bought and sent back": ["view", "view", "purchase", "return"],
    "looked at and refused": ["view", "return", "view"],
}


@pytest.mark.parametrize("kinds", REGRETS.values(), ids=REGRETS)
@pytest.mark.parametrize("name", SEES_THE_BOARD)
def test_what_goes_with_a_returned_thing_is_not_raised(name, kinds):
    """What somebody turned against says nothing for what others bought with it."""
    data = pairs_world()
    fitted = EVENTS_ALONE[name]().fit(data)
    kept = dataset([event("x", "a")], data.item_table).histories()
    deeds = [event("x", "a", kind, after=at) for at, kind in enumerate(kinds)]
    back = dataset(deeds, data.item_table).histories()
    b, d = data.items.row("b"), data.items.row("d")

    assert fitted.score(kept)[0, b] > fitted.score(kept)[0, d]
    assert fitted.score(back)[0, b] == pytest.approx(fitted.score(back)[0, d], abs=1e-5)


@pytest.mark.parametrize("name", sorted({*SHOP_MAKERS} - {"history-text", "interest"}))
def test_what_was_sent_back_raises_nothing(name):
    """Nothing is more likely for it.

    Two are apart: the encoder reads what happened, regrets and all, and the strength of an interest
    says that somebody will touch it, be it for or against.
    """
    fitted = SHOP_MAKERS[name]().fit(SHOP)
    deeds = [event("x", "garden-01", k, after=n) for n, k in enumerate(("view", "buy", "return"))]
    back = dataset(deeds, SHOP.item_table).histories()
    stranger = back.where(np.zeros(len(back.item), np.bool_))

    assert (np.asarray(fitted.score(back)) <= np.asarray(fitted.score(stranger)) + 1e-6).all()


def test_one_of_many_sent_back_is_no_regret():
    deeds = [event("x", "a", k, after=n) for n, k in enumerate(("purchase",) * 3 + ("return",))]
    history = dataset(deeds, [{"item_id": "a"}]).histories()

    assert in_favour(history).all()
    assert last_contacts(history).timestamp.tolist() == [1_700_000_002]


@pytest.mark.parametrize("name", sorted({*SHOP_MAKERS} - {"repeat"}))
def test_a_history_that_is_in_no_file_counts(name):
    """A visitor of three garden things is shown garden things by whatever looks at histories."""
    fitted = SHOP_MAKERS[name]().fit(SHOP)
    items = [item for item in SHOP.items.ids if item.startswith("garden")][:3]
    visitor = dataset(
        [event("visitor", item, after=at) for at, item in enumerate(items)], SHOP.item_table
    ).histories()
    stranger = visitor.where(np.zeros(3, np.bool_))
    garden = np.array([item.startswith("garden") for item in SHOP.items.ids])

    shift = np.asarray(fitted.score(visitor))[0] - np.asarray(fitted.score(stranger))[0]
    if name in ("popularity", "recent"):
        assert not shift.any()
    else:
        assert shift[garden].mean() > shift[~garden].mean()
