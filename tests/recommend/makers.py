"""How each recommender is made for a data set of the tests."""

import numpy as np

from penchant.interests.discovery import discover
from penchant.interests.portraits import PortraitModel
from penchant.llm.space import TextSpace
from penchant.recommend.cold import Cold
from penchant.recommend.content import Content, HistoryText
from penchant.recommend.ease import Ease, LatestEase, TimedEase
from penchant.recommend.factors import Ials
from penchant.recommend.interest import InterestScores
from penchant.recommend.neighbours import Neighbours
from penchant.recommend.popularity import Popularity, Recent
from penchant.recommend.repeat import Repeat
from penchant.recommend.sequential import Transitions
from penchant.testing import FakeEncoder
from penchant.text.documents import item_documents


class AloneEase(LatestEase):
    """One that brings the EASE that it asks."""

    def __init__(self):
        super().__init__(Ease(regularization=5))

    def fit(self, data):
        self.of.fit(data)
        return super().fit(data)

    def state(self):
        return self.of.state() | super().state()

    def restore(self, state):
        self.of.restore(state)
        return super().restore(state)


EVENTS_ALONE = {
    "popularity": Popularity,
    "recent": Recent,
    "ease": lambda: Ease(regularization=5),
    "ease-latest": AloneEase,
    "ease-timed": lambda: TimedEase(regularization=0.5),
    "ials": lambda: Ials(factors=2),  # of the board; more of them fit what is left out, too
    "neighbours": Neighbours,
    "transitions": Transitions,
    "repeat": Repeat,
}


def texts_of(data):
    return TextSpace.fit(
        item_documents(data.item_table), np.ones(data.n_items), encoder=FakeEncoder()
    )


def makers(data):
    """Return what makes each recommender for *data*, by name."""
    space = texts_of(data)
    titles = data.item_table["title"].to_list()
    taxonomy = discover(space, data.item_table, np.ones(data.n_items))
    V = taxonomy.features(space, data.item_table)
    return EVENTS_ALONE | {
        "content": lambda: Content(space),
        "history-text": lambda: HistoryText(space, titles=titles),
        "interest": lambda: InterestScores(PortraitModel(V), V),
        "cold": lambda: Cold(space, data.item_table),
    }
