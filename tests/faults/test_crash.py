"""Killed at random moments while clients write, a service loses nothing and doubles nothing.

The long form, hundreds of kills, is ``benchmarks/crash.py``.
"""

import pytest

from faults.crashing import crash
from servers import emptied, postgres


@pytest.fixture
def sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'store.db'}"


def test_sqlite_keeps_what_it_acknowledged(sqlite):
    outcome = crash(sqlite, kills=3)

    assert outcome.good, outcome


def test_postgresql_keeps_what_it_acknowledged():
    with postgres() as server:
        outcome = crash(emptied(server), kills=2)

    assert outcome.good, outcome
