"""A history is told as it happened: what was bought, what was only looked at, newest first."""

import numpy as np

from penchant import Penchant
from penchant.llm.space import TextSpace
from penchant.recommend.content import HistoryText
from penchant.testing import FakeEncoder
from penchant.text.documents import item_documents
from worlds import dataset

DAY = 86_400
ITEMS = [{"item_id": i, "title": f"{i} thing"} for i in ("tea", "pot", "cup")]
EVENTS = [
    {"user_id": "u", "item_id": "cup", "event": "purchase", "timestamp": 1_600_000_000},
    {"user_id": "u", "item_id": "tea", "event": "purchase", "timestamp": 1_700_000_000 - 3 * DAY},
    {"user_id": "u", "item_id": "pot", "event": "view", "timestamp": 1_700_000_000 - 2 * DAY},
]


def test_the_text_says_what_was_done():
    data, encoder = dataset(EVENTS, ITEMS), FakeEncoder()
    space = TextSpace.fit(item_documents(data.item_table), np.ones(3), encoder=encoder)
    scorer = HistoryText(space, titles=data.item_table["title"].to_list())
    histories = data.histories()

    assert histories.done() == ["purchase", "purchase", "view"]
    assert histories.take([0]).where(histories.item == 1).done() == ["view"]
    scorer.score(histories.where(np.ones(3, np.bool_)))
    said = encoder.encoded[-1].split(". ")
    assert said[-1] == "before: bought cup thing"
    assert "bought tea thing" in encoder.encoded[-1]
    assert "viewed pot thing" in encoder.encoded[-1]


def test_a_saved_model_still_knows(tmp_path, monkeypatch):
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path / "cache"))
    Penchant(encoder=FakeEncoder()).fit(dataset(EVENTS, ITEMS)).save(tmp_path / "m")
    encoder = FakeEncoder(dim=32)
    model = Penchant.open(tmp_path / "m", encoder=encoder)
    model.recommend("u", include_seen=True)
    model.scorer("history-text").score(model._ready().histories)  # noqa: SLF001  as it was kept

    assert any("bought cup thing" in text for text in encoder.encoded)


def test_without_kinds_something_was_done():
    histories = dataset(EVENTS, ITEMS).histories()
    bare = type(histories)(
        **{
            name: getattr(histories, name)
            for name in ("indptr", "item", "weight", "timestamp", "half_life", "now", "n_items")
        }
    )

    assert bare.done() == ["interaction"] * 3
