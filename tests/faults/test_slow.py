"""Connections that send little or nothing are closed in time, and nobody waits for them.

The long form has thousands: ``benchmarks/outages.py``.
"""

import pytest

from faults.slow import besiege
from penchant.errors import ConfigError
from penchant.serve.patience import patience
from processes import serving


@pytest.mark.parametrize("kind", ["silent", "head", "body", "again"])
def test_slow_connections_are_told_so_and_closed_while_others_are_answered(kind, tmp_path):
    store = f"sqlite:///{tmp_path / 'store.db'}"
    log = tmp_path / "log"
    with (
        log.open("w") as out,
        serving(store, "-q", out=out, PENCHANT_PATIENCE="0.5") as (_, url, secret),
    ):
        siege = besiege(url, secret, kind=kind, connections=100, seconds=30)

    assert siege.closed == siege.told == 100
    assert siege.answered > 0
    assert siege.failed == 0
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("said", ["0", "-1", "nan", "soon", "inf"])
def test_patience_is_a_number_above_nothing(said):
    with pytest.raises(ConfigError, match="PENCHANT_PATIENCE"):
        patience({"PENCHANT_PATIENCE": said})


def test_patience_is_ten_seconds_unless_it_is_set():
    assert patience({}) == 10
    assert patience({"PENCHANT_PATIENCE": " 2.5 "}) == 2.5
