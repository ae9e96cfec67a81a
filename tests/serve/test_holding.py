"""What items are about, and what interests hold, as the made shop has them."""

import pytest

from penchant.errors import UnknownIdError, UsageError
from penchant.serve.holding import about, held_by, placed, search, typical
from serve_api import topics
from worlds import SHOP_TOPICS


def test_items_are_found_by_all_words_of_a_title_and_by_id(service):
    assert set(topics(search(service, "espresso beans", most=20))) >= {"coffee"}
    assert search(service, "toys-03", most=5)[0] == "toys-03"
    assert search(service, "espresso train", most=5) == []
    assert search(service, "…", most=5) == []


@pytest.mark.parametrize("topic", list(SHOP_TOPICS))
def test_a_text_that_is_not_out_meets_the_interest_that_it_is_about(service, topic):
    fitted = service.fitted
    text = f"{SHOP_TOPICS[topic]['things'][1]}\n{SHOP_TOPICS[topic]['sentence']}"
    interests, alike = placed(fitted, text, most=5)
    assert topics([alike[0][0]]) == [topic]
    best = typical(fitted, interests[0][0], most=3)
    assert topic in topics(item for item, _ in best)
    assert 0 < held_by(fitted, interests[0][0]) <= len(fitted.users)


def test_an_empty_text_is_refused(service):
    with pytest.raises(UsageError):
        placed(service.fitted, " ", most=5)


def test_typical_items_show_the_interest_clearly_and_most_used_first(service):
    fitted = service.fitted
    for interest in fitted.taxonomy.leaf_ids:
        rows = typical(fitted, interest, most=10)
        strengths = [value for _, value in rows]
        assert min(strengths) >= 0.5 * max(strengths)
        uses = [fitted.wishes.uses[fitted.items.row(item)] for item, _ in rows]
        assert list(uses) == sorted(uses, reverse=True)


def test_an_item_tells_what_it_is_about(service):
    told = about(service, "toys-03", most=5)
    assert topics([told["similar"][0][0]]) == ["toys"]
    assert told["uses"] > 0
    best, strength = told["interests"][0]
    assert "toys" in topics(item for item, _ in typical(service.fitted, best, most=3))
    assert 0 < strength <= 1


def test_an_item_after_the_fit_is_about_what_stands_in_for_it(service):
    service.store.items.put([{"item_id": "late", "title": "Deluxe jazz record, signed"}])
    service.refresh()
    told = about(service, "late", most=5)
    assert told["uses"] == 0
    assert topics([told["similar"][0][0]]) == ["music"]
    with pytest.raises(UnknownIdError):
        about(service, "nothing", most=5)
