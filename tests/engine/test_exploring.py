"""Lists with places for new interests: where they stand, what they hold, what they say."""

import polars as pl
import pytest

from penchant.engine.lists import make_lists
from penchant.engine.wanted import Wanted
from penchant.errors import UsageError
from penchant.rank.answers import ask_users
from penchant.rank.explore_lane import DRAWN, TakeUp
from worlds import shop

DATA = shop()
USERS = [f"u{number}" for number in range(12)]


@pytest.fixture(scope="module")
def leaf(model):
    entries = model.interests(of_items=True).sort("strength", maintain_order=True)
    return {item: interest for item, interest, _ in entries.iter_rows()}


def met(user, leaf):
    touched = DATA.item[DATA.user == DATA.users.row(user)]
    return {leaf[DATA.items.ids[item]] for item in touched}


@pytest.mark.parametrize(("k", "share", "count"), [(10, 0.1, 1), (10, 0.3, 3), (5, 0.4, 2)])
def test_the_last_places_hold_items_of_new_interests(model, leaf, k, share, count):
    found = model.recommend(USERS, k=k, explore_share=share)

    for user in USERS:
        rows = found.filter(pl.col("user_id") == user)
        assert rows["rank"].to_list() == list(range(1, k + 1))
        assert rows["lane"].to_list() == ["known"] * (k - count) + ["explore"] * count
        assert rows["item_id"].n_unique() == k
        new = [leaf[item] for item in rows.filter(pl.col("lane") == "explore")["item_id"]]
        assert not set(new) & met(user, leaf)
        assert len(set(new)) == count


def test_what_stays_keeps_its_order_and_gives_up_known_interests_only(model, leaf):
    plain = model.recommend(USERS, k=10)
    tried = model.recommend(USERS, k=10, explore_share=0.2).filter(pl.col("lane") == "known")
    for user in USERS:
        before = plain.filter(pl.col("user_id") == user)["item_id"].to_list()
        after = tried.filter(pl.col("user_id") == user)["item_id"].to_list()
        gone = [item for item in before if item not in after]
        known = [item for item in before if leaf[item] in met(user, leaf)]
        assert after == [item for item in before if item not in gone]
        assert gone == known[len(known) - 2 :]


def test_no_share_changes_nothing_and_wishes_take_all(model):
    assert model.recommend(USERS, explore_share=0).equals(model.recommend(USERS))
    wished = model.recommend("u1", like=["coffee"], explore_share=0.5)
    assert set(wished["lane"]) == {"known"}


def test_the_same_question_is_answered_the_same(model):
    once = model.recommend(USERS, explore_share=0.3)

    assert model.recommend(USERS, explore_share=0.3).equals(once)
    alone = pl.concat([model.recommend(user, explore_share=0.3) for user in USERS])
    assert alone.select("user_id", "item_id", "lane").equals(
        once.select("user_id", "item_id", "lane")
    )


def test_reasons_name_the_new_interest_and_the_known_ones(model, leaf):
    names = dict(model.interests().select("interest_id", "name").iter_rows())
    found = model.recommend(USERS, explore_share=0.2, explain=True)
    tried = found.filter(pl.col("lane") == "explore")

    for user, item, reason, because in tried.select(
        "user_id", "item_id", "reason", "because_interests"
    ).iter_rows():
        assert names[leaf[item]].lower() in reason
        assert set(because) <= met(user, leaf)
        assert "not tried" in reason or "没有尝试" in reason
    assert tried["because_interests"].list.len().max() > 0


def test_a_stranger_gets_a_lane_too(model):
    found = model.recommend("nobody", explore_share=0.2, explain=True)

    assert found["lane"].to_list() == ["known"] * 8 + ["explore"] * 2
    assert found["cold"].all()


def test_candidates_bind_the_lane(model):
    chosen = [item for item in DATA.items.ids if item.startswith(("coffee", "toys"))]
    found = model.recommend(USERS, k=5, candidates=chosen, explore_share=0.4)

    assert set(found["item_id"]) <= set(chosen)


def test_what_nobody_takes_up_is_shown_no_more(model):
    """What would be listed is not, once its interest was shown in vain a hundred thousand times."""
    fitted = model._fitted  # noqa: SLF001  take-up is told by the service, not by a caller
    explorer = fitted.explorer
    ask = ask_users(["u1"], fitted.users, fitted.histories)
    novel = explorer.past(ask.histories).novel[0].sum()
    assert novel > DRAWN  # so that one can be left out

    def listed(take_up):
        wanted = Wanted(explore_share=0.1, take_up=take_up)
        rows = make_lists(fitted, ask, wanted).filter(pl.col("lane") == "explore")
        return explorer.touch[fitted.items.row(rows["item_id"].item())]

    nothing = TakeUp.nothing(explorer.n_interests)
    favourite = listed(nothing)
    shown = nothing.shown.copy()
    shown[favourite] = 100_000
    assert listed(TakeUp(shown, nothing.taken)) != favourite


def test_a_share_out_of_range_is_refused(model):
    with pytest.raises(UsageError, match="explore_share"):
        model.recommend("u1", explore_share=2)
