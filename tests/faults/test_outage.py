"""The database gone for a while: clear errors, popular items meanwhile, and all of it again after.

The long form, a minute, is ``benchmarks/outages.py``.
"""

import pytest

from faults.doors import gate
from faults.outage import outage
from servers import emptied, postgres


@pytest.fixture(scope="module")
def server():
    with postgres() as url:
        yield url


@pytest.mark.parametrize("model", [True, False])
def test_a_database_that_is_gone_for_a_while(model, server, fitted):
    with gate(emptied(server)) as (door, url):
        told = outage(url, door, seconds=2, model=fitted if model else None)

    assert told.problem["status"] == 503
    assert "store" in told.problem["detail"]
    assert told.retry_after == "1"
    assert told.popular, "no list while the database was gone"
    assert told.private == 503
    assert told.slowest < 5
    assert told.lost == 0
    assert told.personal_before == told.personal_after
    assert told.stranger == 401
