"""The seams of the store: small protocols, and the records that go through them.

    EventLog    what happened, in the order in which it was made durable (``seq``)
    Catalogue   items, each change with a number of its own (``version``)
    People      users, what they steered, and their erasure
    Interests   how interests are shown
    Rankings    lists that were shown
    Experiments lists of several kinds, compared
    Models      fitted models and the fits that made them
    Keys        who may do what
    Audit       who read or erased personal data

Events are in `base_events`; items, people and interests in `base_catalogue`; lists and experiments
in `base_rankings`; models in `base_models`; keys and audit in `base_keys`.  All are had from here.

`penchant.store.sql` has them all on SQLite and on PostgreSQL.  Ids of any length and script are
kept as text and found by a digest of 16 bytes, which every index can hold.
"""

from __future__ import annotations

from penchant.store.base_catalogue import Catalogue, Interests, People, Said
from penchant.store.base_events import EventLog, Past, Posted, Receipt, StoredEvent, key_of, lasted
from penchant.store.base_keys import Audit, Key, Keys
from penchant.store.base_models import Fit, Model, Models
from penchant.store.base_rankings import Experiment, Experiments, Ranking, Rankings

__all__ = [
    "Audit",
    "Catalogue",
    "EventLog",
    "Experiment",
    "Experiments",
    "Fit",
    "Interests",
    "Key",
    "Keys",
    "Model",
    "Models",
    "Past",
    "People",
    "Posted",
    "Ranking",
    "Rankings",
    "Receipt",
    "Said",
    "StoredEvent",
    "key_of",
    "lasted",
]
