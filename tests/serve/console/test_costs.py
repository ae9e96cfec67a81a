"""What was generated on this machine, and what may still be, stands on a page."""

import httpx
import pytest

from penchant.llm.generators import llm_folder
from penchant.llm.ledger import Ledger, Spent


@pytest.fixture
def overview(odd_model, consoling, tmp_path, monkeypatch):
    """Yields a function that reads the overview after calls were written down."""

    def read(*spent):
        monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path))
        Ledger(llm_folder(), clock=lambda: 1_700_000_000.0).add(spent)
        with consoling("--model", odd_model) as (url, key), httpx.Client(base_url=url) as client:
            client.post("/login", data={"key": key})
            return client.get("/overview", timeout=30).text

    return read


def test_calls_are_summed_by_day_purpose_and_model(overview):
    told = {"purpose": "name <b>", "model": "small", "money": float("nan"), "joules": 36.0}
    page = overview(
        Spent(tokens_in=1000, tokens_out=234, seconds=2.0, **told),
        Spent(tokens_in=500, tokens_out=1, seconds=1.0, problem="late", **told),
    )
    assert "2023-11-14" in page
    assert "1,500" in page
    assert "name <b>" not in page
