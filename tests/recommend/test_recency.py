"""Recency where recommenders can be asked for it: fresh popularity, iALS on weighted contacts."""

import numpy as np

from penchant.recommend.factors import Ials
from penchant.recommend.popularity import Fresh
from penchant.recommend.views import last_contacts
from penchant.testing import check_recommender
from worlds import checkerboard, shop

SHOP = shop(users=20)


def test_fresh_popularity_counts_first_contacts_aged():
    expected, met = np.zeros(SHOP.n_items), set()
    for user, item, weight, moment in zip(
        SHOP.user, SHOP.item, SHOP.weight, SHOP.timestamp, strict=True
    ):
        if weight > 0 and (user, item) not in met:
            met.add((user, item))
            expected[item] += 0.5 ** ((SHOP.now - moment) / 86_400 / (0.1 * SHOP.span))

    np.testing.assert_allclose(Fresh(half_life=0.1).fit(SHOP).scores_, expected, rtol=1e-4)


def test_ials_weighs_contacts_by_how_many_came_after():
    """Each contact h has r = 2^(−steps back / 4): x = (YᵀY + α Σ r y yᵀ + λ)⁻¹ Σ (1 + α) r y."""
    fitted = Ials(factors=8, regularization=0.1, alpha=5.0, half_life=4.0).fit(SHOP)
    Y = fitted.factors_.astype(np.float64)
    histories = SHOP.histories()
    scores = fitted.score(histories)
    for user in range(3):
        system, wanted = Y.T @ Y + 0.1 * np.eye(8), np.zeros(8)
        used = last_contacts(histories.take([user])).item.tolist()
        for back, item in enumerate(reversed(used)):
            r = 0.5 ** (back / 4)
            system += 5.0 * r * np.outer(Y[item], Y[item])
            wanted += 6.0 * r * Y[item]
        np.testing.assert_allclose(scores[user], Y @ np.linalg.solve(system, wanted), atol=1e-3)


def test_without_a_half_life_every_contact_counts_alike():
    plain, slow = Ials(factors=4).fit(SHOP), Ials(factors=4, half_life=1e9).fit(SHOP)

    np.testing.assert_allclose(
        plain.score(SHOP.histories()), slow.score(SHOP.histories()), atol=1e-3
    )


def test_the_contract_holds_with_recency():
    check_recommender(Fresh, SHOP)
    check_recommender(lambda: Ials(factors=4, half_life=5.0), SHOP)


def test_factors_with_recency_see_the_board():
    data = checkerboard(40)
    scores = np.array(Ials(factors=4, half_life=30.0).fit(data).score(data.histories()))
    scores[data.histories().seen().nonzero()] = -np.inf

    assert scores.argmax(axis=1).tolist() == list(range(40))
